// A language that nobody speaks, in the fake build only: every sentence is longer by 40 % and ends in a mark with accents
// above and below. What is cut shows, and what bears no mark was never given words.

export const MARK = '⟧';
const ACCENTS = 'ĝŷẽ ňôş țŕâ ';

type Say = (inputs: Record<string, unknown>) => string;

/** A message as that language says it. Its own letters stay, so that what is looked for by them is found. */
export function pseudo(say: Say, inputs: Record<string, unknown>): string {
  const text = say(inputs);
  const more = Math.ceil(text.length * 0.4);
  return `${text} ⟦${ACCENTS.repeat(Math.ceil(more / ACCENTS.length)).slice(0, more).trim()}${MARK}`;
}

/** From now on everything is said so; the build asks for it, see vite.config.ts. */
export function speakPseudo(): void {
  Object.assign(globalThis, { speakPseudo: pseudo });
}
