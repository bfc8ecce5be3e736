// Minutes of a day as they are typed and shown: 8, 8:30, 24:00.

const DAY = 24 * 60;

/** “08:30”; the end of a day is 24:00. */
export function showMinute(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** What somebody typed as minutes since midnight; nothing where it is no time of a day. */
export function readMinute(text: string): number | undefined {
  const found = /^(\d{1,2})(?:[:.h](\d{2}))?(?:\s*uhr)?$/i.exec(text.trim());
  if (!found) return undefined;
  const minute = Number(found[1]) * 60 + Number(found[2] ?? 0);
  return minute <= DAY && Number(found[2] ?? 0) < 60 ? minute : undefined;
}
