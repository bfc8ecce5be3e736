// The desk behind Tauri: with what lies in tauri/ the only code that calls it.
import type { Ipc } from './port';
import { attentionCalls } from './tauri/attention';
import { browseCalls } from './tauri/browse';
import { compareCalls } from './tauri/compare';
import { connectionCalls } from './tauri/connections';
import { deskCalls } from './tauri/desk';
import { historyCalls } from './tauri/history';
import { entryCalls } from './tauri/entry';
import { exchangeCalls } from './tauri/exchanges';
import { importCalls } from './tauri/imports';
import { pushes } from './tauri/pushes';
import { settingsCalls } from './tauri/settings';
import { signInCalls } from './tauri/sign-in';
import { todayCalls } from './tauri/today';
import { transferCalls } from './tauri/transfers';
import { windowCalls } from './tauri/window';

export { hear } from './tauri/pushes';

export const tauriIpc: Ipc = {
  ...attentionCalls,
  ...browseCalls,
  ...compareCalls,
  ...connectionCalls,
  ...deskCalls,
  ...entryCalls,
  ...exchangeCalls,
  ...historyCalls,
  ...importCalls,
  ...pushes,
  ...settingsCalls,
  ...signInCalls,
  ...todayCalls,
  ...transferCalls,
  ...windowCalls,
};
