import { bodyOf, curlOf, exchangeText, isCut } from '@/domain/exchange';
import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { ExchangeSideView, ExchangeView } from '@/ipc';
import { Callout } from '@/kit/callout';
import { CopyButton } from '@/kit/copy-button';
import { locale, m } from '@/messages';
import styles from './exchanges.module.css';

/** One exchange as it was on the wire, but for its masks. */
export function ExchangeDetail({ exchange }: { exchange: ExchangeView }) {
  const { method, address, connection, operation, milliseconds, status, at, request, answer, failed } = exchange;
  const took = milliseconds === null ? null : m.milliseconds({ n: formatNumber(milliseconds, locale()) });
  const facts = [status, took, shownName(connection), operation, formatExact(at, locale())].filter((fact) => fact !== null);
  return (
    <div className={styles.detail}>
      <div className={styles.head}>
        <div className={styles.what}>
          {/* A scrolling region has to be reachable by keyboard where nothing in it takes the focus. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <code data-text translate="no" role="group" aria-label={m.said_address()} tabIndex={0} className={styles.whole}>
            <b>{method}</b> {address}
          </code>
          <span className={styles.facts}>{facts.join(', ')}</span>
        </div>
        <div className={styles.acts}>
          <CopyButton text={exchangeText(exchange, m.said_cut())} label={m.said_copy()} doneLabel={m.said_copied()} />
          <CopyButton text={curlOf(exchange, m.said_cut())} label={m.said_copy_curl()} doneLabel={m.said_copied()} />
        </div>
      </div>
      <div className={styles.sides}>
        <section aria-label={m.said_request()} className={styles.side}>
          <h3 className={styles.title}>{m.said_request()}</h3>
          <Side side={request} label={m.said_body_request()} />
        </section>
        <section aria-label={m.said_answered()} className={styles.side}>
          <h3 className={styles.title}>{m.said_answered()}</h3>
          {failed === null ? null : (
            <Callout tone="bad" title={m.said_failed()}>
              <p data-text>{failed}</p>
            </Callout>
          )}
          {answer ? <Side side={answer} label={m.said_body_answer()} /> : null}
          {!answer && failed === null ? <p className={styles.quiet}>{m.said_waits_body()}</p> : null}
        </section>
      </div>
    </div>
  );
}

function Side({ side, label }: { side: ExchangeSideView; label: string }) {
  const size = formatBytes(side.bytes ?? 0, locale());
  return (
    <>
      {side.headers.length === 0 ? (
        <p className={styles.quiet}>{m.said_no_headers()}</p>
      ) : (
        <dl className={styles.headers} translate="no">
          {side.headers.map(({ name, value }, at) => (
            // Headers may repeat, and their order is all that tells them apart.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={at} className={styles.header}>
              <dt>{name}</dt>
              <dd data-text>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {side.body === '' ? (
        <p className={styles.quiet}>{(side.bytes ?? 0) > 0 ? m.said_body_apart({ size }) : m.said_no_body()}</p>
      ) : (
        <>
          {/* A scrolling region has to be reachable by keyboard where nothing in it takes the focus. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre data-text translate="no" role="group" aria-label={label} tabIndex={0} className={styles.body}>
            {bodyOf(side)}
          </pre>
          {isCut(side) ? <p className={styles.quiet}>{m.said_body_cut({ size })}</p> : null}
        </>
      )}
    </>
  );
}
