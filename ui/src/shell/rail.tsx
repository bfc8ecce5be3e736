import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { Button } from 'react-aria-components';
import { formatNumber } from '@/domain/measure';
import { cx } from '@/kit/class-names';
import { locale, m } from '@/messages';
import { needWords, useNeedCount } from '@/parts/needs';
import type { Place } from '@/parts/place';
import { about, connections, shell } from '@/queries';
import { places } from './places';
import styles from './rail.module.css';

/** Where one can be. It shows the places that exist and what is open in each. */
export function Rail() {
  return (
    <nav className={styles.rail} aria-label={m.places()}>
      <div className={styles.brand} aria-hidden="true">
        <i>
          <svg width="13" height="13" viewBox="0 0 16 16" fill="none" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
            <path d="M2 4l3 9 3-7 3 7 3-9" />
          </svg>
        </i>
        <span className={styles.wide}>Waybill</span>
      </div>
      <ul className={styles.places}>
        {places.map((place) => (
          <li key={place.path}>
            <Line place={place} />
          </li>
        ))}
      </ul>
      <Operator />
    </nav>
  );
}

function Line({ place }: { place: Place }) {
  const here = useRouterState({ select: (state) => state.location.pathname === place.path });
  const title = place.title();
  return (
    <Link
      to={place.path as '/transfers'}
      className={cx(styles.line, here && styles.here)}
      aria-current={here ? 'page' : undefined}
      title={title}
    >
      <place.Icon aria-hidden size={16} strokeWidth={1.6} />
      <span className={styles.wide}>{title}</span>
      <place.Count />
    </Link>
  );
}

type Tone = 'bad' | 'needs' | 'faint';

/** How the desk is, in three words: nothing is called well that nobody has tried. */
function useDeskState(): { tone: Tone; text: string } {
  const open = useNeedCount();
  const engine = useQuery(shell).data?.engine.state;
  const known = useQuery(connections).data;
  const n = (count: number) => ({ count, n: formatNumber(count, locale()) });
  if (engine === 'down') return { tone: 'bad', text: m.rail_down() };
  if (open) return { tone: 'needs', text: needWords(open) };
  if (open === undefined || engine === undefined || known === undefined) return { tone: 'faint', text: '' };
  const failed = known.filter((one) => one.health === 'failed').length;
  if (failed > 0) return { tone: 'bad', text: m.rail_failed(n(failed)) };
  const well = known.length > 0 && known.every((one) => one.health === 'well') && (engine === 'here' || engine === 'elsewhere');
  return { tone: 'faint', text: well ? m.all_well() : m.rail_nothing() };
}

/** Who sits here, and how the desk is. */
function Operator() {
  const desk = useQuery(about).data;
  const open = useNeedCount() ?? 0;
  const navigate = useNavigate();
  const name = desk ? (desk.demo ? m.demo_home() : desk.operator) : '';
  const state = useDeskState();
  return (
    <Button className={styles.operator} onPress={() => void navigate({ to: '/attention' as '/transfers' })}>
      <i aria-hidden="true" className={cx(open > 0 && styles.asks)}>
        {open > 99 ? '99+' : open > 0 ? formatNumber(open, locale()) : initials(name)}
      </i>
      <span className={cx(styles.wide, styles.who)}>
        <span>{name}</span>
        <span className={styles[state.tone]}>{state.text}</span>
      </span>
    </Button>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => word.slice(0, 1).toUpperCase()).join('');
}
