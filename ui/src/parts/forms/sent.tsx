import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { formatNumber } from '@/domain/measure';
import { Link } from '@/kit/button';
import { locale, m } from '@/messages';
import styles from './forms.module.css';
import { goTo, type Wrong } from './wrong';

/** More are counted, and not named. */
const NAMED = 6;

const n = (value: number) => formatNumber(value, locale());

/**
 * What is sent together. Enter in a line sends it, as the button below does. Each time that it cannot be, the first thing
 * that is wrong has the focus, and all of them are named.
 */
export function Sent({
  wrong,
  tries,
  leads = 0,
  onSubmit,
  children,
}: {
  wrong: readonly Wrong[];
  /** How often somebody tried to send it. */
  tries: number;
  /** How often somebody asked for the way to the first thing that is wrong. */
  leads?: number;
  onSubmit: () => void;
  children: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  const stopped = tries > 0 && wrong.length > 0;
  const goToFirst = useEffectEvent(() => {
    const [first] = wrong;
    if (first) goTo(form.current, first);
  });
  useEffect(() => {
    if (tries > 0) goToFirst();
  }, [tries]);
  useEffect(() => {
    if (leads > 0) goToFirst();
  }, [leads]);
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {stopped ? (
        <div className={styles.wrong} role="alert">
          <p className={styles.problem}>{m.form_problems({ count: wrong.length, n: n(wrong.length) })}</p>
          <ul>
            {wrong.slice(0, NAMED).map((one) => (
              <li key={`${one.form} ${one.at}`}>
                <Link onPress={() => goTo(form.current, one)}>{one.name}</Link>
              </li>
            ))}
            {wrong.length > NAMED ? <li className={styles.said}>{m.form_problems_more({ n: n(wrong.length - NAMED) })}</li> : null}
          </ul>
        </div>
      ) : null}
      {children}
      <button type="submit" hidden>
        {m.form_save()}
      </button>
    </form>
  );
}
