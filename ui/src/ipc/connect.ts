// Chooses who answers: the only file that knows both the real desk and the fake.
import { answerWith } from './index';

/** The real desk in the app; in a build made with `--mode fake` the fake, which the app's own build leaves out. */
export async function connectToDesk(): Promise<void> {
  if (import.meta.env.MODE === 'fake') {
    const [{ fakeFromUrl }, { unreliable }] = await Promise.all([import('./fake/from-url'), import('./fake/unreliable')]);
    answerWith(unreliable(fakeFromUrl()));
    return;
  }
  const { hear, tauriIpc } = await import('./tauri');
  await hear();
  answerWith(tauriIpc);
}
