import { X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { IconButton } from './button';
import { Divider, type SizeMemory, useSize } from './panes';
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

const WIDTH = 348;
const NARROWEST = 280;
const WIDEST = 720;

/**
 * The side: its story scrolls, its actions stay at the bottom. Escape in it closes it and gives the focus back to
 * where it came from. With `resize` its edge is a divider.
 */
export function SidePanel({
  label,
  title,
  subtitle,
  children,
  actions,
  onClose,
  closeLabel,
  id,
  resize,
}: {
  label: string;
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  onClose: () => void;
  closeLabel: string;
  id?: string;
  resize?: { label: string; memory?: SizeMemory };
}) {
  const { size, setSize, settle } = useSize(WIDTH, NARROWEST, WIDEST, resize?.memory);
  const cameFrom = useRef<HTMLElement | null>(null);
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    // What lies over the side, a menu or a dialog, is its child for React and not for the page: its Escape is its own.
    const own = event.target instanceof Node && event.currentTarget.contains(event.target);
    if (event.key !== 'Escape' || event.defaultPrevented || !own) return;
    event.preventDefault();
    onClose();
    cameFrom.current?.focus();
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of what is in it
    <aside
      aria-label={label}
      className={styles.side}
      id={id}
      tabIndex={-1}
      style={resize ? { width: size } : undefined}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const from = event.relatedTarget;
        if (from instanceof HTMLElement && !event.currentTarget.contains(from)) cameFrom.current = from;
      }}
    >
      {resize ? (
        <Divider label={resize.label} size={size} min={NARROWEST} max={WIDEST} sized="after" onSize={setSize} onSettle={settle} />
      ) : null}
      <header className={styles.head}>
        <div className={styles.titles}>
          <h2 data-text title={title}>
            {title}
          </h2>
          {subtitle ? (
            <div className={styles.subtitle} title={typeof subtitle === 'string' ? subtitle : undefined}>
              {subtitle}
            </div>
          ) : null}
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
