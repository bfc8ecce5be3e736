import { commands } from '../bindings';
import type { SettingsCalls } from '../ports/settings';
import { ask } from './ask';

export const settingsCalls: SettingsCalls = {
  settings: () => ask(commands.settingsGet()),
  setLimits: (limits) => ask(commands.settingsSetLimits(limits)),
  limitNow: () => ask(commands.settingsLimitNow()),
  limitForNow: (bytesPerSecond, minutes) => ask(commands.settingsLimitForNow(bytesPerSecond, minutes)),
  endLimitForNow: () => ask(commands.settingsEndLimitForNow()),
  setNotices: (notices) => ask(commands.settingsSetNotices(notices)),
  setWindowSettings: (window) => ask(commands.settingsSetWindow(window)),
  setAppearance: (appearance) => ask(commands.settingsSetAppearance(appearance)),
  setOperator: (name) => ask(commands.settingsSetOperator(name)),
  setHistorySettings: (history) => ask(commands.settingsSetHistory(history)),
};
