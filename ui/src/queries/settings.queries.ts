// The settings of the home. Each write tells the topic `settings`, which reads them again.
import { mutationOptions, queryOptions } from '@tanstack/react-query';
import {
  desk,
  type AppearanceView,
  type HistorySettingsView,
  type LimitsView,
  type NetworkDraftView,
  type NoticesView,
  type VaultKindView,
  type WindowSettingsView,
} from '@/ipc';
import { keys } from './keys';

export const settings = queryOptions({ queryKey: keys.settings, queryFn: () => desk().settings() });

/** The limit on bytes that holds now. */
export const limitNow = queryOptions({ queryKey: keys.limitNow, queryFn: () => desk().limitNow() });

export const setLimits = mutationOptions({ mutationFn: (limits: LimitsView) => desk().setLimits(limits) });

export const limitForNow = mutationOptions({
  mutationFn: ({ bytesPerSecond, minutes }: { bytesPerSecond: number | null; minutes: number }) =>
    desk().limitForNow(bytesPerSecond, minutes),
});

export const endLimitForNow = mutationOptions({ mutationFn: () => desk().endLimitForNow() });

export const setNotices = mutationOptions({ mutationFn: (notices: NoticesView) => desk().setNotices(notices) });

export const setWindowSettings = mutationOptions({
  mutationFn: (window: WindowSettingsView) => desk().setWindowSettings(window),
});

export const setAppearance = mutationOptions({
  mutationFn: (appearance: AppearanceView) => desk().setAppearance(appearance),
});

export const setOperator = mutationOptions({ mutationFn: (name: string | null) => desk().setOperator(name) });

export const setHistorySettings = mutationOptions({
  mutationFn: (history: HistorySettingsView) => desk().setHistorySettings(history),
});

export const setNetwork = mutationOptions({ mutationFn: (network: NetworkDraftView) => desk().setNetwork(network) });

/** Asked anew whenever it is looked at: a keyring is locked and opened without the desk's hearing of it. */
export const vaults = queryOptions({ queryKey: keys.vaults, queryFn: () => desk().vaults(), staleTime: 0 });

export const lockVault = mutationOptions({ mutationFn: () => desk().lockVault() });

export const changePassphrase = mutationOptions({
  mutationFn: ({ current, fresh }: { current: string; fresh: string }) => desk().changePassphrase(current, fresh),
});

export const moveSecrets = mutationOptions({ mutationFn: (to: VaultKindView) => desk().moveSecrets(to) });

/** What the home takes grows by itself. */
export const dataPlace = queryOptions({ queryKey: keys.dataPlace, queryFn: () => desk().dataPlace(), staleTime: 0 });

export const copyDatabase = mutationOptions({ mutationFn: () => desk().copyDatabase() });

export const showDataPlace = mutationOptions({ mutationFn: () => desk().showDataPlace() });

export const checkDatabase = mutationOptions({ mutationFn: () => desk().checkDatabase() });

export const pruneHistory = mutationOptions({ mutationFn: () => desk().pruneHistory() });

export const makeDiagnostics = mutationOptions({ mutationFn: () => desk().makeDiagnostics() });

export const saveDiagnostics = mutationOptions({ mutationFn: () => desk().saveDiagnostics() });
