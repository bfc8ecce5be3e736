// What the window asks of the desk, whoever answers: Tauri in the app, the fake in tests and pictures. Each area has its
// calls in ports/, the real ones in tauri/ and those of tests in fake/.
import type { AttentionView, ProgressBatchView, QuestionView, TopicView } from './bindings';
import type { AttentionCalls } from './ports/attention';
import type { BrowseCalls } from './ports/browse';
import type { CompareCalls } from './ports/compare';
import type { ConnectionCalls } from './ports/connections';
import type { DeskCalls } from './ports/desk';
import type { ExchangeCalls } from './ports/exchanges';
import type { HistoryCalls } from './ports/history';
import type { EntryCalls } from './ports/entry';
import type { ImportCalls } from './ports/imports';
import type { SettingsCalls } from './ports/settings';
import type { SignInCalls } from './ports/sign-in';
import type { TodayCalls } from './ports/today';
import type { TransferCalls } from './ports/transfers';
import type { WindowCalls } from './ports/window';

/** Ends a subscription. */
export type Unsubscribe = () => void;

/** Files of the operating system over the window, in CSS pixels of the page. */
export type DragEvent =
  | { phase: 'over'; x: number; y: number; count: number }
  | { phase: 'drop'; x: number; y: number; paths: string[] }
  | { phase: 'leave' };

/** What the desk says without being asked. */
export interface Pushes {
  onTopicsChanged(tell: (topics: TopicView[]) => void): Unsubscribe;
  onProgress(tell: (batch: ProgressBatchView) => void): Unsubscribe;
  onAttentionRaised(tell: (attention: AttentionView) => void): Unsubscribe;
  onQuestionsChanged(tell: (questions: QuestionView[]) => void): Unsubscribe;
  onDrag(tell: (event: DragEvent) => void): Unsubscribe;
}

/** Every call fails with an `IpcFailure`, never with anything else. */
export interface Ipc
  extends AttentionCalls,
    BrowseCalls,
    CompareCalls,
    ConnectionCalls,
    DeskCalls,
    EntryCalls,
    ExchangeCalls,
    HistoryCalls,
    ImportCalls,
    Pushes,
    SettingsCalls,
    SignInCalls,
    TodayCalls,
    TransferCalls,
    WindowCalls {}
