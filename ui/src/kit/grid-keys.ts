// How the keys of a long list move through it. Pure, so that it is tested without a list.

/** The row that `key` leads to; `null` if it is not a key that moves. */
export function move(key: string, keys: readonly string[], current: string | null, page: number, chord: boolean): string | null {
  if (keys.length === 0) return null;
  const at = Math.max(0, current === null ? 0 : keys.indexOf(current));
  const to = target(key, at, keys.length, page, chord);
  return to === null ? null : (keys[Math.min(keys.length - 1, Math.max(0, to))] ?? null);
}

function target(key: string, at: number, length: number, page: number, chord: boolean): number | null {
  switch (key) {
    case 'ArrowDown':
      return at + 1;
    case 'ArrowUp':
      return at - 1;
    case 'j':
    case 'J':
      return chord ? null : at + 1;
    case 'k':
    case 'K':
      return chord ? null : at - 1;
    case 'PageDown':
      return at + page;
    case 'PageUp':
      return at - page;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}

/** Every key from one row to another, whichever stands first. */
export function rangeBetween(keys: readonly string[], from: string, to: string): string[] {
  const a = keys.indexOf(from);
  const b = keys.indexOf(to);
  if (b < 0) return [];
  if (a < 0) return [to];
  return keys.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/**
 * The next row whose name starts with what was typed, the current one first where more than one letter was typed, so
 * that going on typing stays where it is.
 */
export function matchAhead(rows: readonly { key: string; text: string }[], typed: string, current: string | null): string | null {
  const at = rows.findIndex((row) => row.key === current);
  const from = typed.length > 1 ? Math.max(0, at) : at + 1;
  const order = [...rows.slice(from), ...rows.slice(0, from)];
  return order.find((row) => row.text.toLowerCase().startsWith(typed))?.key ?? null;
}

/**
 * Where rows go that are moved one place up or down together: the row that they then stand before, `null` for the end.
 * `undefined` where there is no way further. Rows that lay apart close up.
 */
export function blockMove(keys: readonly string[], moved: readonly string[], step: -1 | 1): string | null | undefined {
  const places = moved.map((key) => keys.indexOf(key)).filter((at) => at >= 0);
  if (places.length === 0) return undefined;
  const [first, last] = [Math.min(...places), Math.max(...places)];
  const together = last - first + 1 === places.length;
  if (step < 0) return first === 0 ? (together ? undefined : keys.find((key) => !moved.includes(key))) : keys[first - 1];
  if (last === keys.length - 1) return together ? undefined : null;
  return keys[last + 2] ?? null;
}

/** The keys in their new order. */
export function moveBefore(keys: readonly string[], moved: readonly string[], before: string | null): string[] {
  const block = keys.filter((key) => moved.includes(key));
  const rest = keys.filter((key) => !moved.includes(key));
  const at = before === null ? rest.length : rest.indexOf(before);
  return at < 0 ? [...keys] : [...rest.slice(0, at), ...block, ...rest.slice(at)];
}
