// Which lines of a command palette fit what was typed, and in which order. Pure, so that it is tested without one.

export interface PaletteItem {
  id: string;
  /** The heading it stands under: places, cases, commands. */
  section: string;
  label: string;
  /** More words that find it and are not shown: the old name, a number, the English one. */
  words?: readonly string[];
  /** In small letters beside the label. */
  detail?: string | undefined;
  /** The key that does the same. */
  keys?: string | undefined;
  /** The caller has found it for what is typed: it is shown, behind what begins so. */
  found?: boolean;
}

export interface PaletteSection {
  title: string;
  items: readonly PaletteItem[];
}

/** Letters as they are compared: without case and accents, so that “uber” finds “Über”. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function wordsOf(text: string): string[] {
  return plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/**
 * 0 where the label begins with what was typed, 1 where every typed word begins a word of the label, 2 where other
 * words are needed too or the caller says so, `null` where it does not fit. Never letters from here and there: who types a name means it.
 */
export function rank(item: PaletteItem, typed: string): 0 | 1 | 2 | null {
  const asked = wordsOf(typed);
  if (asked.length === 0 || plain(item.label).startsWith(plain(typed.trim()))) return 0;
  const label = wordsOf(item.label);
  const begins = (words: readonly string[]) => asked.every((word) => words.some((one) => one.startsWith(word)));
  if (begins(label)) return 1;
  const more = [...label, ...wordsOf(item.detail ?? ''), ...(item.words ?? []).flatMap(wordsOf)];
  return item.found === true || begins(more) ? 2 : null;
}

/**
 * What is shown: while nothing is typed first what was used last, then everything; while typing the best first, of
 * equals what was used last, each under its section.
 */
export function arrange(
  items: readonly PaletteItem[],
  typed: string,
  recent: readonly string[],
  recentTitle: string,
  limit = 60,
): PaletteSection[] {
  const usedAt = (id: string) => {
    const at = recent.indexOf(id);
    return at < 0 ? recent.length : at;
  };
  if (wordsOf(typed).length === 0) {
    const used = recent.flatMap((id) => items.find((item) => item.id === id) ?? []).slice(0, 5);
    const rest = items.filter((item) => !used.includes(item)).slice(0, Math.max(0, limit - used.length));
    return [...(used.length > 0 ? [{ title: recentTitle, items: used }] : []), ...sections(rest)];
  }
  const fitting = items
    .flatMap((item, at) => {
      const how = rank(item, typed);
      return how === null ? [] : [{ item, at, how, used: usedAt(item.id) }];
    })
    .sort((a, b) => a.how - b.how || a.used - b.used || a.at - b.at)
    .slice(0, limit)
    .map((found) => found.item);
  return sections(fitting);
}

/** A section stands where its best line stands. */
function sections(items: readonly PaletteItem[]): PaletteSection[] {
  const titles = [...new Set(items.map((item) => item.section))];
  return titles.map((title) => ({ title, items: items.filter((item) => item.section === title) }));
}
