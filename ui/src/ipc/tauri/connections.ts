import { Channel } from '@tauri-apps/api/core';
import { commands, type TestReportView, type TestStepView } from '../bindings';
import type { ConnectionCalls } from '../ports/connections';
import { ask } from './ask';

function testConnection(id: string, tell: (step: TestStepView) => void): Promise<TestReportView> {
  const steps = new Channel<TestStepView>();
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a channel has this one listener
  steps.onmessage = tell;
  return ask(commands.connectionsTest(id, steps));
}

export const connectionCalls: ConnectionCalls = {
  connectionSpecs: () => ask(commands.connectionsSpecs()),
  connections: () => ask(commands.connectionsList()),
  addConnection: (draft) => ask(commands.connectionsAdd(draft)),
  editConnection: (id, change) => ask(commands.connectionsEdit(id, change)),
  connectionFacts: (id) => ask(commands.connectionsFacts(id)),
  connectionUses: (id) => ask(commands.connectionsUses(id)),
  readAddress: (text) => ask(commands.connectionsReadAddress(text)),
  previewMap: (kind, map, sample) => ask(commands.connectionsPreviewMap(kind, map, sample)),
  testConnection,
  removeConnection: (id, callOff) => ask(commands.connectionsRemove(id, callOff)),
  restoreConnection: (id) => ask(commands.connectionsRestore(id)),
};
