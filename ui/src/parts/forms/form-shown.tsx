import type { ReactNode } from 'react';
import { formatDecimal } from '@/domain/measure';
import { formatDateAlone, formatExact, momentIn } from '@/domain/moment';
import { shownName, shownText } from '@/domain/path';
import type { AttributeValueView, AttributeView, FormOfEntryView, NamedValueView } from '@/ipc';
import { KeyValues } from '@/kit/key-values';
import { locale, m } from '@/messages';
import styles from './forms.module.css';
import { toldForm } from './told-apart';

/** A value in words, as its kind is read. */
function wordOf({ kind }: AttributeView, text: string): string {
  if (kind.type === 'flag') return text === 'true' ? m.form_yes() : text === 'false' ? m.form_no() : text;
  if (kind.type === 'decimal' || kind.type === 'integer') return formatDecimal(shownText(text), locale());
  if (kind.type === 'date') return formatDateAlone(text, locale()) ?? shownName(text);
  const at = kind.type === 'moment' ? momentIn(text) : null;
  return at === null ? shownText(text) : formatExact(at, locale());
}

const textsOf = (value: AttributeValueView | undefined): readonly string[] =>
  value?.type === 'one' ? [value.value].filter(Boolean) : value?.type === 'many' ? value.values : [];

const rowsOf = (value: AttributeValueView | undefined): readonly NamedValueView[][] => (value?.type === 'rows' ? value.rows : []);

const valueIn = (values: readonly NamedValueView[], key: string) => values.find((one) => one.key === key)?.value;

/** The fields that have a value, each in a line. */
export function filledLines({ form, values }: FormOfEntryView): string[] {
  return toldForm(form).attributes.flatMap((attribute) => {
    const value = valueIn(values, attribute.key);
    const columns = attribute.kind.type === 'set' ? attribute.kind.attributes : [];
    const inRow = (row: readonly NamedValueView[]) => columns.flatMap((column) => textsOf(valueIn(row, column.key)).map((text) => wordOf(column, text)));
    const rows = rowsOf(value).map((row) => inRow(row).map(shownName).join(' · '));
    const words = [...textsOf(value).map((text) => wordOf(attribute, text)), ...rows].join(', ');
    return words === '' ? [] : [`${shownName(attribute.name)}: ${words}`];
  });
}

/** A form as it is filled in. Sets are small tables below the other fields. */
export function FormShown({ filled: { form, values } }: { filled: FormOfEntryView }) {
  const { attributes } = toldForm(form);
  const plain = attributes.filter(({ kind }) => kind.type !== 'set');
  const sets = attributes.filter(({ kind, key }) => kind.type === 'set' && rowsOf(valueIn(values, key)).length > 0);
  const empty = <span className={styles.faint}>{m.form_empty()}</span>;
  const words = (attribute: AttributeView): ReactNode => {
    const texts = textsOf(valueIn(values, attribute.key));
    if (texts.length === 0) return empty;
    if (attribute.kind.type === 'text' && attribute.kind.lines) return <span className={styles.lines}>{texts.map(shownText).join('\n')}</span>;
    return texts.map((text) => wordOf(attribute, text)).join(', ');
  };
  return (
    <div className={styles.form}>
      <KeyValues pairs={plain.map((attribute) => ({ key: attribute.key, label: shownName(attribute.name), value: words(attribute) }))} />
      {sets.map((attribute) => (
        <SetShown key={attribute.key} attribute={attribute} rows={rowsOf(valueIn(values, attribute.key))} />
      ))}
    </div>
  );
}

function SetShown({ attribute, rows }: { attribute: AttributeView; rows: readonly NamedValueView[][] }) {
  const columns = attribute.kind.type === 'set' ? attribute.kind.attributes : [];
  return (
    <table className={styles.table} data-text>
      <caption>{shownName(attribute.name)}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col">
              {shownName(column.name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- a row has nothing but its place
          <tr key={at}>
            {columns.map((column) => (
              <td key={column.key}>
                {textsOf(valueIn(row, column.key))
                  .map((text) => wordOf(column, text))
                  .join(', ')}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
