import { ListBox, ListBoxItem } from 'react-aria-components';
import { secretEnd } from '@/domain/expiry';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { AttentionView, ConnectionView, ConnectorSpecView } from '@/ipc';
import type { ContextMenuControl } from '@/kit/context-menu';
import { Tag } from '@/kit/tag';
import { locale, m, sayIn } from '@/messages';
import { DemoTag } from '@/parts/demo-tag';
import { DROP_TARGET, useDragOver } from '@/parts/drag';
import { dropFolder } from '@/parts/remembered';
import { useNow } from '@/parts/use-now';
import styles from './cards.module.css';
import { exactLine, healthSentence, healthTag, latencyText, whereLine } from './describe';
import { Plate } from './plate';
import { useTestRun } from './test-runs';

/** A card each. Arrows move through them, Ctrl and Shift choose several, files of the operating system are dropped on them. */
export function Cards({
  connections,
  specs,
  open,
  demo,
  chosen,
  menu,
  onChoose,
}: {
  connections: readonly ConnectionView[];
  specs: readonly ConnectorSpecView[];
  open: readonly AttentionView[];
  /** Those of the demo that stand beside one's own. */
  demo: readonly string[];
  chosen: ReadonlySet<string>;
  menu: ContextMenuControl;
  onChoose: (ids: ReadonlySet<string>) => void;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the menu belongs to the cards in it
    <div
      onContextMenu={(event) => {
        const id = event.target instanceof Element ? event.target.closest(`[${DROP_TARGET}]`)?.getAttribute(DROP_TARGET) : null;
        if (!id) return;
        if (!chosen.has(id)) onChoose(new Set([id]));
        menu.open(event);
      }}
    >
      <ListBox
        aria-label={m.connection_cards()}
        layout="grid"
        selectionMode="multiple"
        selectionBehavior="replace"
        selectedKeys={chosen}
        onSelectionChange={(keys) => onChoose(new Set(keys === 'all' ? connections.map((one) => one.id) : [...keys].map(String)))}
        className={styles.cards}
      >
        {connections.map((connection) => (
          <ListBoxItem
            key={connection.id}
            id={connection.id}
            // Letters are commands here, and `/` finds: a name that nothing typed begins with keeps them from moving the focus.
            textValue={`\u200b${connection.name}`}
            className={styles.item}
            {...{ [DROP_TARGET]: connection.id }}
          >
            <Card
              connection={connection}
              spec={specs.find((spec) => spec.kind === connection.kind)}
              question={open.find((one) => one.connection === connection.id && one.transfer === null)}
              demo={demo.includes(connection.id)}
            />
          </ListBoxItem>
        ))}
      </ListBox>
    </div>
  );
}

function Card({
  connection,
  spec,
  question,
  demo,
}: {
  connection: ConnectionView;
  spec: ConnectorSpecView | undefined;
  question: AttentionView | undefined;
  demo: boolean;
}) {
  const held = useDragOver(connection.id);
  const now = useNow('minute');
  const run = useTestRun(connection.id);
  const end = secretEnd(connection, now);
  const tag = run?.running ? { tone: 'accent' as const, text: m.testing() } : healthTag(connection, question, end);
  const trying = run?.running && run.trying ? sayIn(connection.kind, run.trying) : null;
  const number = (value: number) => formatNumber(value, locale());
  return (
    <div className={styles.card} data-held={held !== null || undefined}>
      <div className={styles.head}>
        <Plate kind={connection.kind} />
        <strong className={styles.name} title={shownName(connection.name)}>
          {shownName(connection.name)}
        </strong>
        {demo ? (
          <span className={styles.demo} title={m.card_demo_means()}>
            <DemoTag />
          </span>
        ) : null}
        <span className={styles.tag}>
          <Tag tone={tag.tone}>{tag.text}</Tag>
        </span>
      </div>
      <div className={styles.where} title={whereLine(connection, spec)}>
        {whereLine(connection, spec)}
      </div>
      {held === null ? (
        <>
          <div className={styles.sentence} title={exactLine(connection)}>
            {trying === null ? healthSentence(connection, question, end, now) : m.test_tries({ step: trying })}
          </div>
          <div className={styles.foot}>
            <span>{latencyText(connection) ?? m.never_used()}</span>
            {connection.waiting > 0 ? (
              <span>{m.waiting_for_it({ count: connection.waiting, n: number(connection.waiting) })}</span>
            ) : null}
          </div>
        </>
      ) : (
        <>
          <div className={styles.sentence}>
            {held > 0
              ? m.drop_into({ n: m.files_count({ count: held, n: number(held) }), folder: dropFolder(connection.id) })
              : m.drop_files()}
          </div>
          <div className={styles.foot} aria-hidden="true">
            &nbsp;
          </div>
        </>
      )}
    </div>
  );
}
