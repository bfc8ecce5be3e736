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
  setNetwork: (network) => ask(commands.settingsSetNetwork(network)),
  zoom: (percent) => ask(commands.windowZoom(percent)),

  vaults: () => ask(commands.vaultsList()),
  lockVault: () => ask(commands.vaultLock()),
  changePassphrase: (current, fresh) => ask(commands.vaultChangePassphrase(current, fresh)),
  moveSecrets: (to) => ask(commands.vaultMoveSecrets(to)),

  dataPlace: () => ask(commands.dataPlace()),
  showDataPlace: () => ask(commands.dataShow()),
  copyDatabase: () => ask(commands.dataCopy()),
  checkDatabase: () => ask(commands.dataCheck()),
  pruneHistory: () => ask(commands.dataPrune()),

  makeDiagnostics: () => ask(commands.diagnosticsMake()),
  saveDiagnostics: () => ask(commands.diagnosticsSave()),
};
