// The window and its operating system: what comes from outside, what is pasted, and the end.
import type {
  LooseNamesView,
  MeasuredView,
  PastedView,
  QuitAnswerView,
  QuitAsked,
  RunShown,
  ShellView,
} from '../bindings';

export interface WindowCalls {
  /** The first picture stands; the window speaks this language. */
  painted(language: string): Promise<null>;
  shell(): Promise<ShellView>;
  /** The next start tries the graphics card again. */
  tryGraphics(): Promise<null>;

  /** Ends the program, with `onQuitAsked` where something runs. */
  quit(): Promise<null>;
  quitSeen(question: number): Promise<null>;
  answerQuit(answer: QuitAnswerView): Promise<null>;

  /** Files that a command line gave, each of them once. */
  givenPaths(): Promise<string[]>;
  measurePaths(paths: string[]): Promise<MeasuredView[]>;
  /** What lies on the clipboard; `names` are for what has none. */
  pastedPaths(names: LooseNamesView): Promise<PastedView>;
  /** Makes a file of something pasted that has none, because it is sent now. */
  keepPasted(id: string): Promise<string>;

  onShellChanged(tell: (shell: ShellView) => void): () => void;
  onPathsGiven(tell: () => void): () => void;
  onQuitAsked(tell: (asked: QuitAsked) => void): () => void;
  onRunShown(tell: (shown: RunShown) => void): () => void;
}
