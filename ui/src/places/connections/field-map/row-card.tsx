import { ArrowDown, ArrowUp, Braces, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { gapOf, KINDS, kindOf, type MapRow, type RowKind, type RowSource, type SamplePlace, SOURCES, sourceOf, textOf, withKind, withRequired, withSource, withText } from '@/domain/field-map';
import { IconButton } from '@/kit/button';
import { ComboBox } from '@/kit/combo-box';
import { Checkbox, TextField } from '@/kit/field';
import { MenuButton } from '@/kit/menu';
import { Select } from '@/kit/select';
import { m } from '@/messages';
import styles from './field-map.module.css';
import { KindOptions } from './kind-options';

const SOURCE_WORDS: Record<RowSource, () => string> = { pointer: m.map_source_pointer, constant: m.map_source_constant, template: m.map_source_template };
const KIND_WORDS: Record<RowKind, () => string> = { text: m.map_kind_text, number: m.map_kind_number, date: m.map_kind_date, list: m.map_kind_list };

interface Props {
  number: number;
  row: MapRow;
  isLast: boolean;
  places: readonly SamplePlace[];
  /** What it made of the sample: nothing, or not tried. */
  made: string | null | undefined;
  fault: string | null;
  onChange: (row: MapRow) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** One row: the field, where its value is from, what it becomes, and what it made of the sample. */
export function RowCard({ number, row, isLast, places, made, fault, onChange, onMove, onRemove }: Props) {
  const outcome = useId();
  const target = textOf(row, 'target');
  const n = String(number);
  const set = (key: string) => (text: string) => onChange(withText(row, key, text));
  return (
    <div role="group" aria-label={target === '' ? m.map_row({ n }) : m.map_row_of({ n, target })} aria-describedby={outcome} className={styles.card} data-bad={fault === null ? undefined : true}>
      <div className={styles.from}>
        <div data-part="target">
          <TextField label={m.map_target()} placeholder={m.map_target_hint()} value={target} onChange={set('target')} />
        </div>
        <div data-part="source">
          <Select label={m.map_source()} options={SOURCES.map((id) => ({ id, label: SOURCE_WORDS[id]() }))} value={sourceOf(row)} onChange={(source) => onChange(withSource(row, source))} />
        </div>
        <div data-part="value">
          <SourceValue row={row} places={places} onChange={onChange} />
        </div>
      </div>
      <div className={styles.becomes}>
        <div data-part="kind">
          <Select label={m.map_kind()} options={KINDS.map((id) => ({ id, label: KIND_WORDS[id]() }))} value={kindOf(row)} onChange={(kind) => onChange(withKind(row, kind))} />
        </div>
        <KindOptions row={row} onChange={onChange} />
        <div data-part="default">
          <TextField label={m.map_default()} placeholder={m.map_default_hint()} value={textOf(row, 'default')} onChange={set('default')} />
        </div>
      </div>
      <div className={styles.end}>
        <span id={outcome} className={fault === null ? styles.made : styles.wrong}>
          {fault ?? (made === undefined ? null : made === null ? <span className={styles.help}>{m.map_nothing_made()}</span> : made)}
        </span>
        <span className={styles.acts}>
          <span data-part="required">
            <Checkbox label={m.map_required()} checked={row.required === true} onChange={(required) => onChange(withRequired(row, required))} />
          </span>
          <span data-part="up">
            <IconButton label={m.map_up({ n })} isDisabled={number === 1} onPress={() => onMove(-1)}>
              <ArrowUp aria-hidden size={14} />
            </IconButton>
          </span>
          <span data-part="down">
            <IconButton label={m.map_down({ n })} isDisabled={isLast} onPress={() => onMove(1)}>
              <ArrowDown aria-hidden size={14} />
            </IconButton>
          </span>
          <span data-part="remove">
            <IconButton label={m.map_remove({ n })} onPress={onRemove}>
              <Trash2 aria-hidden size={14} />
            </IconButton>
          </span>
        </span>
      </div>
    </div>
  );
}

function SourceValue({ row, places, onChange }: { row: MapRow; places: readonly SamplePlace[]; onChange: (row: MapRow) => void }) {
  const source = sourceOf(row);
  const value = textOf(row, source);
  const onText = (text: string) => onChange(withText(row, source, text));
  if (source === 'pointer')
    return (
      <ComboBox
        label={m.map_pointer()}
        value={value}
        onChange={onText}
        suggestions={places.map(({ pointer, shown }) => ({ id: pointer, aside: shown }))}
        openLabel={m.map_places()}
        placeholder="/data/order"
        mono
      />
    );
  if (source === 'constant') return <TextField label={m.map_constant()} value={value} onChange={onText} />;
  const insert = (
    <MenuButton
      label={m.map_insert()}
      parts={[{ id: 'places', acts: places.map(({ pointer }) => ({ id: pointer, label: pointer, run: () => onText(value + gapOf(pointer)) })) }]}
      trigger={
        <IconButton label={m.map_insert()}>
          <Braces aria-hidden size={14} />
        </IconButton>
      }
    />
  );
  return <TextField label={m.map_template()} placeholder={m.map_template_hint({ open: '{', close: '}' })} value={value} onChange={onText} mono beside={places.length > 0 ? insert : null} />;
}
