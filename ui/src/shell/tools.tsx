import { useNavigate, useRouterState } from '@tanstack/react-router';
import { Bell, Search } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatNumber } from '@/domain/measure';
import { cx } from '@/kit/class-names';
import { Kbd } from '@/kit/kbd';
import { locale, m } from '@/messages';
import { needWords, useNeedCount } from '@/parts/needs';
import { openPalette } from '@/parts/open-dialog';
import styles from './tools.module.css';

/** What stands in the header of every place: how much needs somebody, where one is not with it, and the line that finds everything. */
export function Tools() {
  const open = useNeedCount() ?? 0;
  const navigate = useNavigate();
  const there = useRouterState({ select: (state) => state.location.pathname === '/attention' });
  const n = formatNumber(open, locale());
  return (
    <>
      {open > 0 && !there ? (
        <Button className={cx(styles.tool, styles.asks)} onPress={() => void navigate({ to: '/attention' as '/transfers' })}>
          <Bell aria-hidden size={15} strokeWidth={1.75} />
          <span className={styles.count}>{needWords(open)}</span>
          <span aria-hidden className={styles.few}>
            {n}
          </span>
        </Button>
      ) : null}
      <Button className={cx(styles.tool, styles.find)} onPress={openPalette}>
        <Search aria-hidden size={15} strokeWidth={1.75} />
        <span className={styles.text}>{m.palette_label()}</span>
        <Kbd>Ctrl K</Kbd>
      </Button>
    </>
  );
}
