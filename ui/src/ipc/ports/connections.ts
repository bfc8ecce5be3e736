// The configured places.
import type {
  AddressView,
  ConnectionChangeView,
  ConnectionDraftView,
  ConnectionFactsView,
  ConnectionUsesView,
  ConnectionView,
  ConnectorSpecView,
  MapPreviewView,
  TestReportView,
  TestStepView,
} from '../bindings';

export interface ConnectionCalls {
  connectionSpecs(): Promise<ConnectorSpecView[]>;
  connections(): Promise<ConnectionView[]>;
  addConnection(draft: ConnectionDraftView): Promise<ConnectionView>;
  editConnection(id: string, change: ConnectionChangeView): Promise<ConnectionView>;
  connectionFacts(id: string): Promise<ConnectionFactsView>;
  connectionUses(id: string): Promise<ConnectionUsesView>;
  /** `null` where no connector knows such an address. */
  readAddress(text: string): Promise<AddressView | null>;
  /** What a sample becomes under a field map, both as they are typed. */
  previewMap(kind: string, map: string, sample: string): Promise<MapPreviewView>;
  /** `tell` hears of each step as it begins and as it ends. */
  testConnection(id: string, tell: (step: TestStepView) => void): Promise<TestReportView>;
  /** For a minute it can be brought back. */
  removeConnection(id: string, callOff: boolean): Promise<null>;
  restoreConnection(id: string): Promise<null>;
}
