import { useQuery } from '@tanstack/react-query';
import { ListFilter, X } from 'lucide-react';
import { shownName } from '@/domain/path';
import { DIRECTIONS, directionOf, gradeOfSearch, GRADES, TIMES, type TimeSpan } from '@/domain/transfer-filter';
import type { DirectionView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { TextField } from '@/kit/field';
import { Popover } from '@/kit/popover';
import { Select } from '@/kit/select';
import { evidenceWord, m } from '@/messages';
import type { PlaceSearch } from '@/parts/place';
import { connections as connectionsQuery } from '@/queries';
import type { TransferList } from './use-transfer-list';
import styles from './filters.module.css';
import tool from './tool-word.module.css';

const ANY = 'any';
const DAYS = 'days';

const DIRECTION_WORDS: Record<DirectionView, () => string> = {
  sent: m.direction_sent,
  fetched: m.direction_fetched,
  between: m.direction_between,
};
const TIME_WORDS: Record<TimeSpan, () => string> = {
  today: m.time_today,
  yesterday: m.time_yesterday,
  week: m.time_week,
  month: m.time_month,
};

interface Props {
  search: PlaceSearch;
  onChange: (change: PlaceSearch) => void;
}

function isWord(time: string | undefined): time is TimeSpan {
  return TIMES.some((one) => one === time);
}

/** Evidence, connection, direction and time, behind one button that says how many narrow the list. */
export function Filters({ search, onChange }: Props) {
  const places = useQuery(connectionsQuery).data ?? [];
  const active = [search.evidence, search.connection, search.direction, search.time].filter(Boolean).length;
  const clear = () => onChange({ evidence: '', connection: '', direction: '', time: '' });
  const word = (id: string) => (id === ANY ? '' : id);
  const [from = '', to = ''] = isWord(search.time) ? [] : (search.time ?? '').split('..');
  const time = isWord(search.time) ? search.time : search.time ? DAYS : ANY;
  return (
    <Popover
      label={m.filters()}
      trigger={
        <Button>
          <ListFilter aria-hidden size={15} />
          <span className={tool.word}>{active > 0 ? m.filters_active({ n: String(active) }) : m.filters()}</span>
        </Button>
      }
    >
      <div className={styles.form}>
        <Select
          label={m.column_evidence()}
          value={gradeOfSearch(search) ?? ANY}
          options={[{ id: ANY, label: m.any_evidence() }, ...GRADES.map((id) => ({ id, label: evidenceWord(id) }))]}
          onChange={(id) => onChange({ evidence: word(id) })}
        />
        <Select
          label={m.filter_connection()}
          value={search.connection && places.some((one) => one.id === search.connection) ? search.connection : ANY}
          options={[{ id: ANY, label: m.any_connection() }, ...places.map(({ id, name }) => ({ id, label: shownName(name) }))]}
          onChange={(id) => onChange({ connection: word(id) })}
        />
        <Select
          label={m.filter_direction()}
          value={directionOf(search) ?? ANY}
          options={[{ id: ANY, label: m.any_direction() }, ...DIRECTIONS.map((id) => ({ id, label: DIRECTION_WORDS[id]() }))]}
          onChange={(id) => onChange({ direction: word(id) })}
        />
        <Select
          label={m.filter_time()}
          value={time}
          options={[{ id: ANY, label: m.any_time() }, ...TIMES.map((id) => ({ id, label: TIME_WORDS[id]() })), { id: DAYS, label: m.time_days() }]}
          onChange={(id) => onChange({ time: id === DAYS ? `${today()}..${today()}` : word(id) })}
        />
        {time === DAYS ? (
          <div className={styles.days}>
            <TextField label={m.time_from()} type="date" value={from} onChange={(day) => onChange({ time: `${day}..${to}` })} />
            <TextField label={m.time_to()} type="date" value={to} onChange={(day) => onChange({ time: `${from}..${day}` })} />
          </div>
        ) : null}
        <Button isDisabled={active === 0} onPress={clear}>
          {m.filters_clear()}
        </Button>
      </div>
    </Popover>
  );
}

function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}

/** What narrows the list besides its chips, each with its way out. */
export function Narrowed({ search, list, onChange }: Props & { list: TransferList }) {
  const places = useQuery(connectionsQuery).data ?? [];
  const grade = gradeOfSearch(search);
  const direction = directionOf(search);
  const run = list.runs.find((one) => one.id === search.run);
  const time = isWord(search.time) ? TIME_WORDS[search.time]() : search.time?.replace('..', ' – ');
  const tags: { key: keyof PlaceSearch; text: string }[] = [
    ...(search.run ? [{ key: 'run' as const, text: run ? m.narrowed_run({ title: shownName(run.title) }) : m.narrowed_one_run() }] : []),
    ...(grade ? [{ key: 'evidence' as const, text: evidenceWord(grade) }] : []),
    ...(search.connection
      ? [{ key: 'connection' as const, text: shownName(places.find((one) => one.id === search.connection)?.name ?? m.narrowed_gone()) }]
      : []),
    ...(direction ? [{ key: 'direction' as const, text: DIRECTION_WORDS[direction]() }] : []),
    ...(time ? [{ key: 'time' as const, text: time }] : []),
  ];
  if (tags.length === 0) return null;
  return (
    <ul className={styles.tags} aria-label={m.filters()}>
      {tags.map(({ key, text }) => (
        <li key={key} className={styles.tag}>
          <span className={styles.text}>{text}</span>
          <IconButton label={m.filter_remove({ what: text })} onPress={() => onChange({ [key]: '' })}>
            <X aria-hidden size={13} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
