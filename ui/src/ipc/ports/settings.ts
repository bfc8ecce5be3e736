// The settings of the home, a section at a time. Each holds from the moment it was taken.
import type {
  AppearanceView,
  DataPlaceView,
  DiagnosticsFileView,
  HistorySettingsView,
  LimitNowView,
  LimitsView,
  NetworkDraftView,
  NoticesView,
  SettingsView,
  VaultKindView,
  VaultView,
  WindowSettingsView,
} from '../bindings';

export interface SettingsCalls {
  settings(): Promise<SettingsView>;
  setLimits(limits: LimitsView): Promise<null>;
  /** The limit on bytes that holds now, and until when. */
  limitNow(): Promise<LimitNowView>;
  /** Another limit for some minutes; `null` for none at all. */
  limitForNow(bytesPerSecond: number | null, minutes: number): Promise<null>;
  endLimitForNow(): Promise<null>;
  setNotices(notices: NoticesView): Promise<null>;
  setWindowSettings(window: WindowSettingsView): Promise<null>;
  setAppearance(appearance: AppearanceView): Promise<null>;
  /** `null` for the name that the operating system knows. */
  setOperator(name: string | null): Promise<null>;
  setHistorySettings(history: HistorySettingsView): Promise<null>;
  setNetwork(network: NetworkDraftView): Promise<null>;

  /** How large everything in the window is drawn; 100 as it is. */
  zoom(percent: number): Promise<null>;

  /** Each is asked whether it answers. */
  vaults(): Promise<VaultView[]>;
  lockVault(): Promise<null>;
  changePassphrase(current: string, fresh: string): Promise<null>;
  /** All secrets, or none; answers how many. */
  moveSecrets(to: VaultKindView): Promise<number>;

  dataPlace(): Promise<DataPlaceView>;
  /** Shows the folder of the home in the system's file manager. */
  showDataPlace(): Promise<null>;
  copyDatabase(): Promise<string>;
  /** What is wrong in it; nothing where it is well. */
  checkDatabase(): Promise<string[]>;
  pruneHistory(): Promise<number>;

  makeDiagnostics(): Promise<DiagnosticsFileView[]>;
  /** Saves what was made last; `null` where the picker was closed. */
  saveDiagnostics(): Promise<string | null>;
}
