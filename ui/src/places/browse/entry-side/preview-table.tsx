import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { parseTable } from '@/domain/csv';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { locale, m } from '@/messages';
import styles from './preview.module.css';

const ROW = 29;
/** More columns than anybody reads; the rest is said. */
const MOST = 60;

/** So many rows say how wide a column has to be; those below them are much the same. */
const MEASURED = 200;

/** Each column as wide as what stands in it, within reason. */
function widthsOf(rows: readonly (readonly string[])[], columns: number): string {
  return Array.from({ length: columns }, (_, at) => {
    const longest = rows.slice(0, MEASURED).reduce((most, row) => Math.max(most, row[at]?.length ?? 0), 0);
    return `${Math.min(260, Math.max(44, Math.round(longest * 7.6) + 26))}px`;
  }).join(' ');
}

/** Rows and columns. Only what is seen is drawn, so a hundred thousand rows are as quick as ten. */
export function TableText({ text }: { text: string }) {
  'use no memo'; // TanStack Virtual answers from a mutable instance, which the compiler would take for constant.
  const { rows, columns } = useMemo(() => parseTable(text), [text]);
  const scroller = useRef<HTMLDivElement>(null);
  const [head = [], ...body] = rows;
  const virtual = useVirtualizer({ count: body.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const shown = Math.min(columns, MOST);
  const template = useMemo(() => `${String(rows.length).length * 8 + 32}px ${widthsOf(rows, shown)}`, [rows, shown]);
  const cells = (row: readonly string[]) => Array.from({ length: shown }, (_, at) => row[at] ?? '');
  return (
    <>
      <p className={styles.said}>
        {m.preview_rows({ count: body.length, n: formatNumber(body.length, locale()) })}
        {columns > MOST ? ` · ${m.preview_columns({ shown: formatNumber(MOST, locale()), n: formatNumber(columns, locale()) })}` : ''}
      </p>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={scroller} className={styles.table} role="table" tabIndex={0} aria-label={m.preview_table()} aria-rowcount={rows.length} aria-colcount={columns}>
        <div role="rowgroup" className={styles.tableHead}>
          <div role="row" className={styles.tableRow} style={{ gridTemplateColumns: template }}>
            <span role="columnheader" className={styles.number}>
              {m.preview_row()}
            </span>
            {cells(head).map((cell, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- a column is its place
              <span key={at} role="columnheader" data-text>
                {shownName(cell)}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" className={styles.tableBody} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              className={styles.tableRow}
              style={{ gridTemplateColumns: template, position: 'absolute', top: item.start, height: ROW }}
            >
              <span role="rowheader" className={styles.number}>
                {formatNumber(item.index + 1, locale())}
              </span>
              {cells(body[item.index] ?? []).map((cell, at) => (
                // oxlint-disable-next-line react/no-array-index-key -- a column is its place
                <span key={at} role="cell" data-text title={shownName(cell)}>
                  {shownName(cell)}
                </span>
              ))}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}
