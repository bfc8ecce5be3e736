import { useNavigate } from '@tanstack/react-router';
import { CircleCheck, Database, FileWarning, Files, HardDrive, Hourglass, KeyRound, type LucideIcon, ShieldAlert, ShieldQuestion } from 'lucide-react';
import { formatExact, formatRelative } from '@/domain/moment';
import type { NeedKindView, NeedView } from '@/ipc';
import { Button } from '@/kit/button';
import { cx } from '@/kit/class-names';
import { locale, m } from '@/messages';
import { groupDetail, groupLine } from '@/parts/attention-facts';
import { useCommands } from '@/parts/commands';
import { openAttention } from '@/parts/open-dialog';
import { useNow } from '@/parts/use-now';
import styles from './today.module.css';

const LOOKS: Record<NeedKindView, { Icon: LucideIcon; tone: 'bad' | 'warn' }> = {
  'host-key-changed': { Icon: ShieldAlert, tone: 'bad' },
  'host-key-unknown': { Icon: ShieldQuestion, tone: 'warn' },
  unauthenticated: { Icon: KeyRound, tone: 'bad' },
  conflict: { Icon: Files, tone: 'warn' },
  'disk-full': { Icon: HardDrive, tone: 'bad' },
  'database-restored': { Icon: Database, tone: 'bad' },
  failed: { Icon: FileWarning, tone: 'bad' },
  'waiting-long': { Icon: Hourglass, tone: 'warn' },
  'secret-ending': { Icon: KeyRound, tone: 'warn' },
  'secret-ended': { Icon: KeyRound, tone: 'bad' },
  'session-ending': { Icon: KeyRound, tone: 'warn' },
  'session-ended': { Icon: KeyRound, tone: 'bad' },
  'certificate-ending': { Icon: KeyRound, tone: 'warn' },
  'certificate-ended': { Icon: KeyRound, tone: 'bad' },
};

/** Keys for the first nine; who has more begins with those. */
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** What needs a person, the most pressing first, with one key each to answer or to go there. */
export function Needs({ needs, quiet }: { needs: readonly NeedView[]; quiet: boolean }) {
  const go = useGo();
  useCommands(
    needs.slice(0, KEYS.length).map((need, at) => ({
      id: `today.need-${at + 1}`,
      title: groupLine(need),
      group: m.today_needs_you(),
      keys: KEYS[at] ?? '',
      run: () => go(need),
    })),
  );
  if (needs.length === 0) {
    if (quiet) return null;
    return (
      <p className={styles.calm}>
        <CircleCheck aria-hidden size={17} strokeWidth={1.75} />
        {m.today_calm()}
      </p>
    );
  }
  return (
    <section className={styles.section} aria-labelledby="today-needs">
      <h2 id="today-needs" className={styles.heading}>
        {m.today_needs_you()}
      </h2>
      <ul>
        {needs.map((need, at) => (
          <Need key={`${need.kind} ${need.connection?.id} ${need.run?.id}`} need={need} shortcut={KEYS[at]} onGo={() => go(need)} />
        ))}
      </ul>
    </section>
  );
}

/** A question is answered where one stands; everything else has its place. */
function useGo() {
  const navigate = useNavigate();
  return (need: NeedView) => {
    if (need.question !== null) return openAttention(need.question, need.kind === 'conflict' && need.count > 1);
    if (need.kind === 'failed') return void navigate({ to: '/transfers', search: { show: 'failed', ...(need.run ? { run: need.run.id } : {}) } });
    void navigate({ to: '/connections', search: need.connection ? { chosen: need.connection.id } : {} });
  };
}

function Need({ need, shortcut, onGo }: { need: NeedView; shortcut: string | undefined; onGo: () => void }) {
  const now = useNow('minute');
  const { Icon, tone } = LOOKS[need.kind];
  return (
    <li className={styles.need}>
      <Icon aria-hidden size={17} strokeWidth={1.75} className={cx(styles[tone])} />
      <span className={styles.what}>
        <b>{groupLine(need)}</b>
        <span className={styles.detail}>{groupDetail(need)}</span>
      </span>
      <span className={styles.since} title={formatExact(need.since, locale())}>
        {formatRelative(need.since, now, locale())}
      </span>
      <Button shortcut={shortcut} onPress={onGo}>
        {need.question === null ? m.today_look() : m.act_answer()}
      </Button>
    </li>
  );
}
