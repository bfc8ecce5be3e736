// What the operating system gives to the fake window: a clipboard, a command line, a wish to quit.
import type { MeasuredView, PastedView, QuitAnswerView, QuitAsked, RunShown, ShellView } from '../bindings';
import type { WindowCalls } from '../ports/window';
import { type FakeCore, Listeners, refuse } from './core';

const NOTHING: PastedView = { paths: [], elsewhere: 0, loose: null };

/** What a test prepares, tells and looks at. */
export class FakeSystem {
  shell: ShellView = { engine: { state: 'here' }, safeGraphics: null };
  given: string[] = [];
  pasted: PastedView = NOTHING;
  /** What lies under a path; a file of 1.2 MB where nothing is said. */
  readonly measures = new Map<string, Partial<MeasuredView>>();
  readonly kept: string[] = [];
  readonly quitAnswers: QuitAnswerView[] = [];
  readonly seen: number[] = [];
  painted: string | null = null;
  triedGraphics = false;
  quits = 0;
  readonly shells: Listeners<ShellView>;
  readonly givings: Listeners<void>;
  readonly quitAskings: Listeners<QuitAsked>;
  readonly shownRuns: Listeners<RunShown>;

  constructor(core: FakeCore) {
    this.shells = new Listeners(core);
    this.givings = new Listeners(core);
    this.quitAskings = new Listeners(core);
    this.shownRuns = new Listeners(core);
  }

  /** The program that holds the window changed. */
  become(change: Partial<ShellView>): void {
    this.shell = { ...this.shell, ...change };
    this.shells.tell(this.shell);
  }

  /** The desk was started again with these files. */
  give(paths: string[]): void {
    this.given.push(...paths);
    this.givings.tell();
  }
}

export function fakeWindow(core: FakeCore, system: FakeSystem): WindowCalls {
  return {
    async painted(language) {
      system.painted = language;
      return null;
    },
    shell: async () => system.shell,
    async tryGraphics() {
      core.check('tryGraphics');
      system.triedGraphics = true;
      return null;
    },
    async quit() {
      system.quits += 1;
      return null;
    },
    async quitSeen(question) {
      system.seen.push(question);
      return null;
    },
    async answerQuit(answer) {
      system.quitAnswers.push(answer);
      return null;
    },
    givenPaths: async () => system.given.splice(0),
    async measurePaths(paths) {
      core.check('measurePaths');
      const file = { folder: false, files: 1, bytes: 1_200_000, complete: true, problem: null };
      return paths.map((path) => ({ ...file, ...system.measures.get(path), path }));
    },
    async pastedPaths() {
      core.check('pastedPaths');
      return system.pasted;
    },
    async keepPasted(id) {
      core.check('keepPasted');
      if (system.pasted.loose?.id !== id) refuse({ code: 'not-here', what: id });
      if (!system.kept.includes(id)) system.kept.push(id);
      return `/home/records/.local/share/waybill/pasted/${id}/${system.pasted.loose.name}`;
    },
    onShellChanged: system.shells.add,
    onPathsGiven: system.givings.add,
    onQuitAsked: system.quitAskings.add,
    onRunShown: system.shownRuns.add,
  };
}
