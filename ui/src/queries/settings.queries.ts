// The settings of the home. Each write tells the topic `settings`, which reads them again.
import { mutationOptions, queryOptions } from '@tanstack/react-query';
import {
  desk,
  type AppearanceView,
  type HistorySettingsView,
  type LimitsView,
  type NoticesView,
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
