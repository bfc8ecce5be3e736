import type { ConnectorSpecView, ImportFoundView } from '@/ipc';
import { Checkbox, TextField } from '@/kit/field';
import { m, sayIn } from '@/messages';
import { fieldLabel, shownValue } from './describe';
import styles from './forms.module.css';
import { Plate } from './plate';

export interface Wanted {
  name: string;
  ticked: boolean;
}

/** What was found, each with its settings in words, the secrets that come along, and what does not. */
export function FoundList({
  found,
  rows,
  specs,
  vault,
  onRows,
}: {
  found: readonly ImportFoundView[];
  rows: readonly Wanted[];
  specs: readonly ConnectorSpecView[];
  vault: string | null;
  onRows: (rows: readonly Wanted[]) => void;
}) {
  const change = (at: number, part: Partial<Wanted>) => onRows(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const able = found.flatMap((one, index) => (one.problems.length === 0 ? [index] : []));
  const all = able.length > 0 && able.every((index) => rows[index]?.ticked);
  return (
    <>
      {able.length > 1 ? (
        <Checkbox
          label={m.import_all()}
          checked={all}
          onChange={(ticked) => onRows(rows.map((row, index) => (able.includes(index) ? { ...row, ticked } : row)))}
        />
      ) : null}
      <ul className={styles.found} aria-label={m.import_found()}>
        {found.map((one, index) => (
          <Found
            // oxlint-disable-next-line react/no-array-index-key -- two sections may have one name; only their place tells them apart
            key={`${index} ${one.foundName}`}
            one={one}
            row={rows[index] ?? { name: one.name, ticked: false }}
            spec={specs.find((spec) => spec.kind === one.kind)}
            vault={vault}
            onChange={(part) => change(index, part)}
          />
        ))}
      </ul>
    </>
  );
}

function Found({
  one,
  row,
  spec,
  vault,
  onChange,
}: {
  one: ImportFoundView;
  row: Wanted;
  spec: ConnectorSpecView | undefined;
  vault: string | null;
  onChange: (part: Partial<Wanted>) => void;
}) {
  const settings = one.settings.map(({ key, value }) => `${fieldLabel(spec, key)}: ${shownValue(spec, key, value)}`);
  const secrets = one.secrets.map((key) => fieldLabel(spec, key)).join(', ');
  const renamed = one.name !== one.foundName;
  return (
    <li className={styles.foundItem} data-ticked={row.ticked || undefined} aria-label={one.foundName}>
      <Plate kind={one.kind} />
      <div className={styles.foundBody} data-text>
        {one.problems.length === 0 ? (
          <Checkbox label={one.foundName} checked={row.ticked} onChange={(ticked) => onChange({ ticked })} />
        ) : (
          <strong>{one.foundName}</strong>
        )}
        <span className={styles.quiet}>{[spec?.title ?? one.kind, ...settings].join(', ')}</span>
        {secrets === '' ? null : (
          <span className={styles.quiet}>{vault === null ? m.import_takes({ secrets }) : m.import_takes_into({ secrets })}</span>
        )}
        {one.twin === null ? null : <span className={styles.warn}>{m.import_twin({ name: one.twin })}</span>}
        {one.remarks.map((remark) => (
          <span key={remark.text} className={styles.quiet}>
            {sayIn(one.kind, remark)}
          </span>
        ))}
        {one.problems.map((problem) => (
          <span key={problem.key} className={styles.warn}>
            {m.import_problem({ field: fieldLabel(spec, problem.key), what: problem.said ? sayIn(one.kind, problem.said) : problem.reason })}
          </span>
        ))}
        {row.ticked ? (
          <TextField
            label={m.import_name()}
            help={renamed ? m.import_renamed({ name: one.foundName }) : undefined}
            value={row.name}
            onChange={(name) => onChange({ name })}
            error={row.name.trim() === '' ? m.add_name_needed() : undefined}
          />
        ) : null}
      </div>
    </li>
  );
}
