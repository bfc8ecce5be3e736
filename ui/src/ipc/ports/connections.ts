// The configured places.
import type { ConnectionDraftView, ConnectionView, ConnectorSpecView, TestReportView, TestStepView } from '../bindings';

export interface ConnectionCalls {
  connectionSpecs(): Promise<ConnectorSpecView[]>;
  connections(): Promise<ConnectionView[]>;
  addConnection(draft: ConnectionDraftView): Promise<ConnectionView>;
  /** `tell` hears of each step as it ends. */
  testConnection(id: string, tell: (step: TestStepView) => void): Promise<TestReportView>;
  removeConnection(id: string): Promise<null>;
}
