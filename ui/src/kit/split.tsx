import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './button';
import styles from './split.module.css';

/** A list and, beside it, everything about the chosen thing. In a narrow window the side lies over the list. */
export function Split({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={styles.split}>
      <div className={styles.main}>{children}</div>
      {side}
    </div>
  );
}

/** The side: its story scrolls, its actions stay at the bottom. */
export function SidePanel({
  label,
  title,
  subtitle,
  children,
  actions,
  onClose,
  closeLabel,
  id,
}: {
  label: string;
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
  closeLabel: string;
  id?: string;
}) {
  return (
    <aside aria-label={label} className={styles.side} id={id} tabIndex={-1}>
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 data-text>{title}</h2>
          {subtitle ? <div className={styles.subtitle}>{subtitle}</div> : null}
        </div>
        <IconButton label={closeLabel} onPress={onClose}>
          <X aria-hidden size={16} />
        </IconButton>
      </header>
      {/* A scrolling region has to be reachable by keyboard where nothing in it takes the focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.body} role="group" aria-label={title} tabIndex={0}>
        {children}
      </div>
      {actions ? <footer className={styles.actions}>{actions}</footer> : null}
    </aside>
  );
}
