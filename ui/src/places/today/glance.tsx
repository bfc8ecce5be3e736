import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { formatBytes, formatNumber, formatPercent, measureBytes } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { DiskView, TodayView } from '@/ipc';
import { cx } from '@/kit/class-names';
import { locale, m } from '@/messages';
import styles from './glance.module.css';

/** Less than that left, and a large run may not fit any more. */
const SCARCE = 0.1;
const VERY_SCARCE = 0.03;
/** So many of what lies on a disk are named; it is still one disk. */
const NAMED = 3;

/** How the home is, without a click: proved today, the queue, the connections, the disks. */
export function Glance({ day }: { day: TodayView }) {
  const number = (value: number) => formatNumber(value, locale());
  const bytes = measureBytes(day.matchedBytes, locale());
  const { counts, healths } = day;
  return (
    <aside className={styles.glance} aria-label={m.today_glance()}>
      <section>
        <h2 className={styles.heading}>{m.today_matched_today()}</h2>
        <p className={styles.figure}>
          {number(day.matched)}
          {day.matchedBytes > 0 ? (
            <small>
              {bytes.value} {bytes.unit}
            </small>
          ) : null}
        </p>
      </section>
      <section>
        <h2 className={styles.heading}>{m.today_queue()}</h2>
        <ul>
          <Line to="/transfers" show="running" word={m.today_running()} n={number(counts.running)} />
          <Line to="/transfers" show="waiting" word={m.today_waiting()} n={number(counts.waiting)} />
          {counts.needsYou > 0 ? <Line to="/transfers" show="needs-you" word={m.today_waits_for_you()} n={number(counts.needsYou)} tone="warn" /> : null}
          {counts.failed > 0 ? <Line to="/transfers" show="failed" word={m.today_failed()} n={number(counts.failed)} tone="bad" /> : null}
        </ul>
      </section>
      <section>
        <h2 className={styles.heading}>{m.place_connections()}</h2>
        <ul>
          <Line to="/connections" word={m.health_well()} n={number(healths.well)} tone={healths.well > 0 ? 'ok' : undefined} />
          {healths.untested > 0 ? <Line to="/connections" word={m.health_untested()} n={number(healths.untested)} /> : null}
          {healths.failed > 0 ? <Line to="/connections" word={m.health_failed()} n={number(healths.failed)} tone="bad" /> : null}
          {healths.stopped > 0 ? <Line to="/connections" word={m.today_stopped()} n={number(healths.stopped)} tone="bad" /> : null}
        </ul>
      </section>
      {day.disks.length > 0 ? (
        <section>
          <h2 className={styles.heading}>{m.today_disks()}</h2>
          <ul className={styles.disks}>
            {day.disks.map((disk) => (
              <Disk key={`${disk.home} ${disk.connections.map((one) => one.id).join(' ')}`} disk={disk} />
            ))}
          </ul>
        </section>
      ) : null}
    </aside>
  );
}

function Line({ to, show, word, n, tone }: { to: '/transfers' | '/connections'; show?: string; word: string; n: string; tone?: 'ok' | 'warn' | 'bad' | undefined }) {
  return (
    <li>
      <Link to={to} search={show ? { show } : {}} className={styles.line}>
        <i aria-hidden="true" className={cx(styles.dot, tone && styles[tone])} />
        <span>{word}</span>
        <b>{n}</b>
      </Link>
    </li>
  );
}

function Disk({ disk }: { disk: DiskView }) {
  const share = disk.total > 0 ? disk.free / disk.total : 0;
  const tone = share < VERY_SCARCE ? 'bad' : share < SCARCE ? 'warn' : undefined;
  const names = [...(disk.home ? [m.today_home_disk()] : []), ...disk.connections.map((one) => shownName(one.name))];
  const few = names.length > NAMED + 1 ? [...names.slice(0, NAMED), m.today_disk_more({ n: formatNumber(names.length - NAMED, locale()) })] : names;
  const free = m.today_disk_free({ free: formatBytes(disk.free, locale()) });
  return (
    <li className={styles.disk} title={m.today_disk_of({ free: formatBytes(disk.free, locale()), total: formatBytes(disk.total, locale()), percent: formatPercent(disk.free, disk.total, locale()) })}>
      <span className={styles.name} title={names.join(', ')}>
        {few.map((name, at) => (
          <Fragment key={name}>
            {at > 0 ? ' ' : ''}
            <span>{at < few.length - 1 ? `${name},` : name}</span>
          </Fragment>
        ))}
      </span>
      <span className={cx(styles.free, tone && styles[tone])}>{free}</span>
      <i aria-hidden="true" className={styles.track}>
        <i className={cx(styles.used, tone && styles[tone])} style={{ width: `${Math.round((1 - share) * 100)}%` }} />
      </i>
    </li>
  );
}
