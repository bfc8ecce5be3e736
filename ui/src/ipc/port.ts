// What the window asks of the desk, whoever answers: Tauri in the app, the fake in tests and pictures.
import type {
  AboutView,
  AnswerView,
  AttentionView,
  ConnectionDraftView,
  ConnectionView,
  ConnectorSpecView,
  PickView,
  ProgressBatchView,
  QuestionView,
  RunView,
  SendDraftView,
  TestReportView,
  TestStepView,
  TopicView,
  TransferCountsView,
  TransferDetailsView,
  TransferFilterView,
  TransferPageView,
} from './bindings';

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Files of the operating system over the window, in CSS pixels of the page. */
export type DragEvent =
  | { phase: 'over'; x: number; y: number; count: number }
  | { phase: 'drop'; x: number; y: number; paths: string[] }
  | { phase: 'leave' };

/** Every call fails with an `IpcFailure`, never with anything else. */
export interface Ipc {
  about(): Promise<AboutView>;
  openVault(passphrase: string): Promise<null>;
  pickPaths(pick: PickView): Promise<string[]>;

  transfersPage(filter: TransferFilterView, cursor: string | null, limit: number): Promise<TransferPageView>;
  transferCounts(): Promise<TransferCountsView>;
  transferDetails(id: string): Promise<TransferDetailsView>;
  runs(): Promise<RunView[]>;
  pauseTransfers(ids: string[]): Promise<null>;
  resumeTransfers(ids: string[]): Promise<null>;
  cancelTransfers(ids: string[]): Promise<null>;
  cancelRuns(runs: string[]): Promise<null>;
  retryTransfers(ids: string[]): Promise<null>;
  pauseAll(): Promise<null>;
  resumeAll(): Promise<null>;
  send(draft: SendDraftView): Promise<string>;

  connectionSpecs(): Promise<ConnectorSpecView[]>;
  connections(): Promise<ConnectionView[]>;
  addConnection(draft: ConnectionDraftView): Promise<ConnectionView>;
  /** `tell` hears of each step as it ends. */
  testConnection(id: string, tell: (step: TestStepView) => void): Promise<TestReportView>;
  removeConnection(id: string): Promise<null>;

  attention(): Promise<AttentionView[]>;
  answerAttention(id: string, answer: AnswerView): Promise<null>;

  questions(): Promise<QuestionView[]>;
  /** One answer a prompt; `null` gives the sign-in up. */
  answerQuestion(id: string, answers: string[] | null): Promise<null>;

  onTopicsChanged(tell: (topics: TopicView[]) => void): Unsubscribe;
  onProgress(tell: (batch: ProgressBatchView) => void): Unsubscribe;
  onAttentionRaised(tell: (attention: AttentionView) => void): Unsubscribe;
  onQuestionsChanged(tell: (questions: QuestionView[]) => void): Unsubscribe;
  onDrag(tell: (event: DragEvent) => void): Unsubscribe;
}
