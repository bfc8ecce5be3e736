// The window and its operating system. What is pasted or measured belongs to one moment and is not kept.
import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type LooseNamesView, type PastedView, type QuitAnswerView } from '@/ipc';
import { keys } from './keys';

/** How much lies under paths of this computer. */
export const measured = (paths: readonly string[]) =>
  queryOptions({ queryKey: keys.measured(paths), queryFn: () => desk().measurePaths([...paths]), gcTime: 0, enabled: paths.length > 0 });

export const shell = queryOptions({ queryKey: keys.shell, queryFn: () => desk().shell() });

export const tryGraphics = mutationOptions({ mutationFn: () => desk().tryGraphics() });
export const answerQuit = mutationOptions({ mutationFn: (answer: QuitAnswerView) => desk().answerQuit(answer) });

/** Ends the program, with a question where something runs. */
export function quit(): Promise<null> {
  return desk().quit();
}

/** Reads the clipboard, because somebody pasted. */
export function readPasted(names: LooseNamesView): Promise<PastedView> {
  return desk().pastedPaths(names);
}

/** Files of a command line, each of them once. */
export function takeGiven(): Promise<string[]> {
  return desk().givenPaths();
}

/** The question whether to quit lies before the person's eyes. */
export function quitSeen(question: number): Promise<null> {
  return desk().quitSeen(question);
}

/** The first picture stands. */
export function tellPainted(language: string): Promise<null> {
  return desk().painted(language);
}
