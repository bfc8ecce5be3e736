// The settings of the home, a section at a time. Each holds from the moment it was taken.
import type {
  AppearanceView,
  HistorySettingsView,
  LimitNowView,
  LimitsView,
  NoticesView,
  SettingsView,
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
}
