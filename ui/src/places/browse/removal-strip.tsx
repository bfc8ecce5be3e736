import { X } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { Button, IconButton } from '@/kit/button';
import { Disclosure } from '@/kit/disclosure';
import { Spinner } from '@/kit/skeleton';
import { describeError, failureTag, locale, m } from '@/messages';
import styles from './browse.module.css';
import { dismissRemoval, type Removing, useRemovals } from './removals';

/** Removals under way, and those that left something behind. */
export function RemovalStrip() {
  const all = useRemovals();
  if (all.length === 0) return null;
  return (
    <ul className={styles.removals} aria-label={m.browse_removals()}>
      {all.map((one) => (
        <Line key={one.id} one={one} />
      ))}
    </ul>
  );
}

function Line({ one }: { one: Removing }) {
  const { told } = one;
  const number = (value: number) => formatNumber(value, locale());
  const gone = told.files + told.folders;
  const counts = { name: one.name, n: number(gone) };
  const text = !told.over ? m.browse_removing(counts) : one.stopped ? m.browse_removal_stopped(counts) : m.browse_removed(counts);
  const more = told.failed - told.failures.length;
  return (
    <li className={styles.removal}>
      <div className={styles.removalLine}>
        {told.over ? null : <Spinner />}
        <span role="status">{text}</span>
        {told.failed > 0 ? <strong className={styles.stayed}>{m.browse_stayed({ count: told.failed, n: number(told.failed) })}</strong> : null}
        {told.error ? <span className={styles.stayed}>{describeError(told.error, one.name).title}</span> : null}
        <span className={styles.grow} />
        {told.over ? (
          <IconButton label={m.toast_dismiss()} onPress={() => dismissRemoval(one.id)}>
            <X aria-hidden size={15} />
          </IconButton>
        ) : (
          <Button onPress={one.stop}>{m.browse_stop()}</Button>
        )}
      </div>
      {told.over && told.failures.length > 0 ? (
        <Disclosure title={m.browse_stayed_which()}>
          <ul className={styles.failures}>
            {told.failures.map(({ path, failure }) => (
              <li key={path}>
                <bdi>{shownName(path)}</bdi> <span>{failureTag(failure).text}: {failure.message}</span>
              </li>
            ))}
            {more > 0 ? <li>{m.browse_and_more({ n: number(more) })}</li> : null}
          </ul>
        </Disclosure>
      ) : null}
    </li>
  );
}
