// Tests of connections that run or ran while the window is open. They go on when somebody looks elsewhere.
import { type SaidView, type TestReportView, type TestStepView, toIpcError, type IpcError } from '@/ipc';
import { Store, useStore } from '@/parts/store';
import { testConnection } from '@/queries';

export interface TestRun {
  running: boolean;
  /** What has ended. */
  steps: readonly TestStepView[];
  /** What is tried at this moment. */
  trying: SaidView | null;
  failure: TestReportView['failure'];
  /** The call itself was refused: nothing was tried. */
  refused: IpcError | null;
  /** When it began. */
  at: number;
}

/** More would only wait for each other. */
const AT_ONCE = 4;

const runs = new Store<Readonly<Record<string, TestRun>>>({});

function change(id: string, part: Partial<TestRun>): void {
  const before = runs.get()[id];
  if (before) runs.set({ ...runs.get(), [id]: { ...before, ...part } });
}

/** Tests one, unless its test is running. Never fails: what went wrong stands in its run. */
export async function runTest(id: string): Promise<void> {
  if (runs.get()[id]?.running) return;
  runs.set({ ...runs.get(), [id]: { running: true, steps: [], trying: null, failure: null, refused: null, at: Date.now() } });
  try {
    const report = await testConnection(id, (step) => {
      if (step.outcome === 'trying') change(id, { trying: step.name });
      else change(id, { trying: null, steps: [...(runs.get()[id]?.steps ?? []), step] });
    });
    change(id, { running: false, trying: null, steps: report.steps, failure: report.failure });
  } catch (reason) {
    change(id, { running: false, trying: null, refused: toIpcError(reason) });
  }
}

/** Tests several, a few at a time. */
export async function runTests(ids: readonly string[]): Promise<void> {
  const waiting = [...ids];
  async function next(): Promise<void> {
    const id = waiting.shift();
    if (id === undefined) return;
    await runTest(id);
    await next();
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

export function useTestRun(id: string): TestRun | undefined {
  return useStore(runs, (all) => all[id]);
}

/** How many run now. */
export function useRunningTests(): number {
  return useStore(runs, (all) => Object.values(all).filter((run) => run.running).length);
}

/** Forgets what was found: the settings are others now. */
export function forgetTest(id: string): void {
  const { [id]: _, ...others } = runs.get();
  runs.set(others);
}

export function forgetTests(): void {
  runs.set({});
}
