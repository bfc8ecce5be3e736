import { ListBox, ListBoxItem } from 'react-aria-components';
import { formatNumber } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import type { AttentionView, ConnectionView, ConnectorSpecView } from '@/ipc';
import { Tag } from '@/kit/tag';
import { locale, m } from '@/messages';
import { DROP_TARGET, useDragOver } from '@/parts/drag';
import { dropFolder } from '@/parts/remembered';
import { useNow } from '@/parts/use-now';
import styles from './cards.module.css';
import { healthTag, plate, whereLine } from './describe';

/** A card each. Arrows move through them, files of the operating system are dropped on them. */
export function Cards({
  connections,
  specs,
  open,
  chosen,
  onChoose,
}: {
  connections: readonly ConnectionView[];
  specs: readonly ConnectorSpecView[];
  open: readonly AttentionView[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  return (
    <ListBox
      aria-label={m.connection_cards()}
      layout="grid"
      selectionMode="single"
      selectionBehavior="replace"
      selectedKeys={chosen === null ? [] : [chosen]}
      onSelectionChange={(keys) => {
        const id = connections.find((one) => keys !== 'all' && keys.has(one.id))?.id;
        onChoose(id ?? null);
      }}
      className={styles.cards}
    >
      {connections.map((connection) => (
        <ListBoxItem
          key={connection.id}
          id={connection.id}
          textValue={connection.name}
          className={styles.item}
          {...{ [DROP_TARGET]: connection.id }}
        >
          <Card
            connection={connection}
            spec={specs.find((spec) => spec.kind === connection.kind)}
            question={open.find((one) => one.connection === connection.id && one.transfer === null)}
          />
        </ListBoxItem>
      ))}
    </ListBox>
  );
}

function Card({
  connection,
  spec,
  question,
}: {
  connection: ConnectionView;
  spec: ConnectorSpecView | undefined;
  question: AttentionView | undefined;
}) {
  const held = useDragOver(connection.id);
  const tag = healthTag(connection, question);
  const number = (value: number) => formatNumber(value, locale());
  return (
    <div className={styles.card} data-held={held !== null || undefined}>
      <div className={styles.head}>
        <span aria-hidden="true" className={styles.plate}>
          {plate(connection.kind)}
        </span>
        <strong className={styles.name}>{connection.name}</strong>
        <span className={styles.tag}>
          <Tag tone={tag.tone}>{tag.text}</Tag>
        </span>
      </div>
      <div className={styles.where}>{whereLine(connection, spec)}</div>
      <div className={styles.foot}>
        {held === null ? (
          <>
            <LastGood connection={connection} />
            {connection.waiting > 0 ? (
              <span>{m.waiting_for_it({ count: connection.waiting, n: number(connection.waiting) })}</span>
            ) : null}
          </>
        ) : (
          <span>
            {held > 0
              ? m.drop_into({ n: m.files_count({ count: held, n: number(held) }), folder: dropFolder(connection.id) })
              : m.drop_files()}
          </span>
        )}
      </div>
    </div>
  );
}

function LastGood({ connection }: { connection: ConnectionView }) {
  const { lastGoodAt, latencyMs } = connection;
  const now = useNow('minute');
  if (lastGoodAt === null) return <span>{m.never_used()}</span>;
  const good = m.last_good({ at: formatMoment(lastGoodAt, now, locale()) });
  return (
    <span title={formatExact(lastGoodAt, locale())}>
      {latencyMs === null ? good : `${good}, ${m.latency({ ms: formatNumber(latencyMs, locale()) })}`}
    </span>
  );
}
