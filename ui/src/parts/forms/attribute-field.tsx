import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { type FieldDraft, type Line, newLine, newRow, type Problems } from '@/domain/attributes';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { AttributeKindView, AttributeView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { locale, m } from '@/messages';
import styles from './forms.module.css';
import type { ToldAttribute } from './told-apart';
import { helpFor, problemWords, roomWords } from './words';

interface FieldProps {
  attribute: ToldAttribute;
  field: FieldDraft;
  onChange: (field: FieldDraft) => void;
  /** Its place in the form, by which its problems are found. */
  at: string;
  problems: Problems;
  autoFocus?: boolean;
  /** In a row there is no room for help; an empty line shows how its value is written. */
  terse?: boolean;
  /** What a list of choices says where none is taken. */
  nothing?: string;
}

const n = (value: number) => formatNumber(value, locale());
const EXAMPLES: Partial<Record<AttributeKindView['type'], string>> = { date: '2027-01-31', moment: '2027-01-31 14:30' };
const titleOf = ({ name, required }: AttributeView) => (required ? m.form_required({ name: shownName(name) }) : shownName(name));

/** One field of a form: a line, several of them, or rows of fields. */
export function AttributeField(props: FieldProps) {
  const { attribute, field, onChange, at, problems, autoFocus = false, terse = false, nothing } = props;
  if (attribute.kind.type === 'set') return <Rows {...props} />;
  if (attribute.most !== 1) return <Lines {...props} />;
  const line = field.lines[0] ?? { id: 0, text: '' };
  return (
    <Control
      attribute={attribute}
      label={titleOf(attribute)}
      line={line}
      at={problems.has(`${at}.${line.id}`) ? `${at}.${line.id}` : at}
      error={problemWords(problems.get(at) ?? problems.get(`${at}.${line.id}`), attribute)}
      autoFocus={autoFocus}
      terse={terse}
      nothing={nothing}
      onChange={(text) => onChange({ ...field, lines: [{ ...line, text }] })}
    />
  );
}

/** What one value is typed or chosen with. */
function Control({
  attribute,
  label,
  labelHidden = false,
  line,
  at,
  error,
  autoFocus = false,
  terse = false,
  nothing = m.form_no_value(),
  onChange,
}: {
  attribute: ToldAttribute;
  label: string;
  labelHidden?: boolean;
  line: Line;
  /** By what its problem is found, if it has one. */
  at: string;
  error: string | undefined;
  autoFocus?: boolean;
  terse?: boolean;
  nothing?: string | undefined;
  onChange: (text: string) => void;
}) {
  const { kind, required } = attribute;
  const quiet = terse || labelHidden || error !== undefined;
  if (kind.type === 'choice' || kind.type === 'flag') {
    const known = kind.type === 'flag' ? [{ id: 'v:true', label: m.form_yes() }, { id: 'v:false', label: m.form_no() }] : kind.values.map((value) => ({ id: `v:${value}`, label: shownName(value) }));
    // A value that the list does not have any more is shown as it came.
    const old = line.text !== '' && known.every(({ id }) => id !== `v:${line.text}`) ? [{ id: `v:${line.text}`, label: shownName(line.text) }] : [];
    const options = [...(required && line.text !== '' ? [] : [{ id: 'none', label: nothing }]), ...old, ...known];
    return (
      <div data-at={at} className={styles.at}>
        <Select
          label={label}
          labelHidden={labelHidden}
          required={required}
          options={options}
          value={line.text === '' ? 'none' : `v:${line.text}`}
          onChange={(id) => onChange(id === 'none' ? '' : id.slice('v:'.length))}
          help={quiet ? undefined : helpFor(attribute)}
          error={error}
          autoFocus={autoFocus}
        />
      </div>
    );
  }
  const room = roomWords(attribute, line.text);
  return (
    <div data-at={at} className={styles.at}>
      <TextField
        label={label}
        labelHidden={labelHidden}
        required={required}
        value={line.text}
        onChange={onChange}
        error={error}
        autoFocus={autoFocus}
        help={error === undefined ? [room, quiet ? undefined : helpFor(attribute)].filter(Boolean).join(' ') || undefined : undefined}
        rested={kind.type === 'text' && kind.longest !== null ? (room ?? error ?? '') : undefined}
        placeholder={terse || labelHidden ? EXAMPLES[kind.type] : undefined}
        inputMode={kind.type === 'integer' ? 'numeric' : 'text'}
        rows={kind.type === 'text' && kind.lines ? 4 : undefined}
      />
    </div>
  );
}

/** Several values, each in a line of its own, in an order. */
function Lines({ attribute, field, onChange, at, problems, autoFocus = false }: FieldProps) {
  const name = shownName(attribute.name);
  const { lines } = field;
  const swap = (from: number, to: number) => {
    const next = [...lines];
    const [moved] = next.splice(from, 1);
    if (moved) next.splice(to, 0, moved);
    onChange({ ...field, lines: next });
  };
  const help = helpFor(attribute);
  return (
    <fieldset data-at={at} className={styles.several}>
      <legend>{titleOf(attribute)}</legend>
      {lines.map((line, index) => (
        <div key={line.id} className={styles.line}>
          <Control
            attribute={{ ...attribute, required: false }}
            label={m.form_value_of({ name, n: n(index + 1) })}
            labelHidden
            line={line}
            at={`${at}.${line.id}`}
            error={problemWords(problems.get(`${at}.${line.id}`), attribute)}
            autoFocus={autoFocus && index === 0}
            onChange={(text) => onChange({ ...field, lines: lines.map((one) => (one.id === line.id ? { ...one, text } : one)) })}
          />
          <IconButton label={m.form_value_up({ name, n: n(index + 1) })} isDisabled={index === 0} onPress={() => swap(index, index - 1)}>
            <ArrowUp aria-hidden size={14} />
          </IconButton>
          <IconButton label={m.form_value_down({ name, n: n(index + 1) })} isDisabled={index === lines.length - 1} onPress={() => swap(index, index + 1)}>
            <ArrowDown aria-hidden size={14} />
          </IconButton>
          <IconButton label={m.form_value_remove({ name, n: n(index + 1) })} onPress={() => onChange({ ...field, lines: lines.filter((one) => one.id !== line.id) })}>
            <X aria-hidden size={14} />
          </IconButton>
        </div>
      ))}
      <More attribute={attribute} count={lines.length} label={m.form_value_add()} problem={problemWords(problems.get(at), attribute)} help={help} onAdd={() => onChange({ ...field, lines: [...lines, newLine()] })} />
    </fieldset>
  );
}

/** The rows of a set. */
function Rows({ attribute, field, onChange, at, problems, autoFocus = false }: FieldProps) {
  if (attribute.kind.type !== 'set') return null;
  const { attributes } = attribute.kind;
  const name = shownName(attribute.name);
  const { rows } = field;
  return (
    <fieldset data-at={at} className={styles.several}>
      <legend>{titleOf(attribute)}</legend>
      {rows.map((row, index) => (
        <div key={row.id} role="group" aria-label={m.form_row_of({ name, n: n(index + 1) })} className={styles.row}>
          <span aria-hidden className={styles.nth}>
            {n(index + 1)}
          </span>
          <div className={styles.fields}>
            {attributes
              .filter((inner) => !inner.readOnly)
              .map((inner) => (
                <AttributeField
                  key={inner.key}
                  attribute={inner}
                  field={row.fields[inner.key] ?? { lines: [newLine()], rows: [] }}
                  at={`${at}.${row.id}.${inner.key}`}
                  problems={problems}
                  terse
                  onChange={(next) => onChange({ ...field, rows: rows.map((one) => (one.id === row.id ? { ...one, fields: { ...one.fields, [inner.key]: next } } : one)) })}
                />
              ))}
          </div>
          <IconButton label={m.form_row_remove({ name, n: n(index + 1) })} onPress={() => onChange({ ...field, rows: rows.filter((one) => one.id !== row.id) })}>
            <X aria-hidden size={14} />
          </IconButton>
        </div>
      ))}
      <More attribute={attribute} count={rows.length} label={m.form_row_add()} problem={problemWords(problems.get(at), attribute)} help={helpFor(attribute)} autoFocus={autoFocus && rows.length === 0} onAdd={() => onChange({ ...field, rows: [...rows, newRow(attributes)] })} />
    </fieldset>
  );
}

function More({ attribute, count, label, problem, help, autoFocus = false, onAdd }: { attribute: AttributeView; count: number; label: string; problem: string | undefined; help: string | undefined; autoFocus?: boolean; onAdd: () => void }) {
  const room = count < attribute.most;
  return (
    <div className={styles.more}>
      <Button isDisabled={!room} autoFocus={autoFocus} onPress={onAdd} aria-label={`${label}: ${shownName(attribute.name)}`}>
        <Plus aria-hidden size={14} /> {label}
      </Button>
      <span className={styles.said}>{[room ? null : m.form_most({ count: attribute.most, n: n(attribute.most) }), help].filter(Boolean).join(' ')}</span>
      {problem ? (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
