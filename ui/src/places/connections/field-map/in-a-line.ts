// A field map where there is room for a line.
import { readMap, textOf } from '@/domain/field-map';
import { formatNumber } from '@/domain/measure';
import { locale, m } from '@/messages';

/** How many rows, and which fields they fill. */
export function mapInALine(map: string): string {
  const rows = readMap(map);
  if (rows === null) return m.map_no_rows_readable();
  if (rows.length === 0) return m.map_without_rows();
  const targets = rows.map((row) => textOf(row, 'target') || m.map_unnamed()).join(', ');
  return m.map_summary({ count: rows.length, n: formatNumber(rows.length, locale()), targets });
}
