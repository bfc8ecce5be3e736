import { useState } from 'react';
import type { FilterView } from '@/ipc';
import { Button } from '@/kit/button';
import { Disclosure } from '@/kit/disclosure';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { m, sayIn } from '@/messages';
import styles from './search.module.css';
import type { RemoteSearch } from './use-search';

/** As many stand open; the rest is folded away. */
const OPEN = 6;

type Values = Readonly<Record<string, string>>;

/** Each filter of the remote, by what it takes. */
export function Filters({ search, kind, onDone }: { search: RemoteSearch; kind: string; onDone: () => void }) {
  const [values, setValues] = useState<Values>(Object.fromEntries(search.draft.filters.map(({ key, value }) => [key, value])));
  const list = search.filters ?? [];
  const line = (filter: FilterView, at: number) => (
    <Filter
      key={filter.key}
      filter={filter}
      kind={kind}
      value={values[filter.key] ?? ''}
      onChange={(value) => setValues({ ...values, [filter.key]: value })}
      autoFocus={at === 0}
    />
  );
  // One that is set is never hidden.
  const folded = list.slice(OPEN);
  const rest = folded.filter(({ key }) => search.draft.filters.every((one) => one.key !== key));
  return (
    <form
      className={styles.filters}
      onSubmit={(event) => {
        event.preventDefault();
        onDone();
        search.begin({ filters: list.map(({ key }) => ({ key, value: values[key] ?? '' })) });
      }}
    >
      {list.filter((one) => !rest.includes(one)).map(line)}
      {rest.length > 0 ? (
        <Disclosure title={m.search_filters_more()}>
          <div className={styles.rest}>{rest.map((filter) => line(filter, -1))}</div>
        </Disclosure>
      ) : null}
      <div className={styles.buttons}>
        <Button onPress={() => setValues({})}>{m.search_filters_clear()}</Button>
        <Button type="submit" tone="go">
          {m.search_now()}
        </Button>
      </div>
    </form>
  );
}

interface FilterProps {
  filter: FilterView;
  kind: string;
  value: string;
  onChange: (value: string) => void;
  autoFocus: boolean;
}

function Filter({ filter, kind, value, onChange, autoFocus }: FilterProps) {
  const label = sayIn(kind, filter.title);
  const help = filter.help ? sayIn(kind, filter.help) : undefined;
  const takes = filter.kind;
  switch (takes.is) {
    case 'text':
      return <TextField label={label} help={help} value={value} onChange={onChange} autoFocus={autoFocus} />;
    case 'day':
      return <TextField label={label} help={help} type="date" value={value} onChange={onChange} autoFocus={autoFocus} />;
    case 'days':
    case 'span':
      return <FromTo label={label} days={takes.is === 'days'} value={value} onChange={onChange} />;
    case 'flag':
      return <OneOf label={label} help={help} values={[{ id: 'true', label: m.form_yes() }, { id: 'false', label: m.form_no() }]} value={value} onChange={onChange} />;
    case 'choice':
      return (
        <OneOf
          label={label}
          help={help}
          values={takes.choices.map((choice) => ({ id: choice.value, label: sayIn(kind, choice.title) }))}
          value={value}
          onChange={onChange}
        />
      );
  }
}

/** Two ends, either of which may be left out: `from..to`. */
function FromTo({ label, days, value, onChange }: { label: string; days: boolean; value: string; onChange: (value: string) => void }) {
  const at = value.indexOf('..');
  const [from, to] = at < 0 ? [value, value] : [value.slice(0, at), value.slice(at + 2)];
  const set = (first: string, last: string) => onChange(first === '' && last === '' ? '' : `${first}..${last}`);
  const type = days ? 'date' : 'text';
  return (
    <fieldset className={styles.span}>
      <legend>{label}</legend>
      <TextField label={m.filter_from()} type={type} inputMode={days ? 'text' : 'numeric'} value={from} onChange={(next) => set(next, to)} />
      <TextField label={m.filter_to()} type={type} inputMode={days ? 'text' : 'numeric'} value={to} onChange={(next) => set(from, next)} />
    </fieldset>
  );
}

/** One of a list, or whatever it may be. */
function OneOf({ label, help, values, value, onChange }: { label: string; help: string | undefined; values: readonly { id: string; label: string }[]; value: string; onChange: (value: string) => void }) {
  const options = [{ id: 'any', label: m.filter_any() }, ...values];
  return <Select label={label} help={help} options={options} value={value === '' ? 'any' : value} onChange={(id) => onChange(id === 'any' ? '' : id)} />;
}
