import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import {
  Header,
  Menu as AriaMenu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components';
import { cx } from './class-names';
import { KeyName } from './kbd';
import styles from './menu.module.css';

export interface MenuAct {
  id: string;
  label: string;
  /** The key that does the same without the menu. */
  shortcut?: string | undefined;
  icon?: ReactNode;
  /** It is on or off: what it does turns it, and the menu stays. All acts of a part have it, or none. */
  checked?: boolean;
  /** It destroys or calls off. */
  bad?: boolean;
  /** Why it cannot be done now; it stays in the menu, so that one learns that it exists. */
  unavailable?: string | undefined;
  run: () => void;
}

export interface MenuPart {
  id: string;
  title?: string;
  acts: readonly MenuAct[];
}

/** The acts themselves; `MenuButton` and `ContextMenu` put them where they are asked for. */
export function MenuList({ label, parts }: { label: string; parts: readonly MenuPart[] }) {
  const acts = parts.flatMap((part) => part.acts);
  return (
    <AriaMenu
      aria-label={label}
      className={styles.menu}
      disabledKeys={acts.filter((act) => act.unavailable !== undefined).map((act) => act.id)}
      onAction={(id) => acts.find((act) => act.id === id)?.run()}
    >
      {parts.flatMap((part, at) => [
        ...(at > 0 ? [<Separator key={`line-${part.id}`} className={styles.separator} />] : []),
        <MenuSection key={part.id} {...(part.title ? {} : { 'aria-label': label })} {...checksOf(part)}>
          {part.title ? <Header className={styles.title}>{part.title}</Header> : null}
          {part.acts.map((act) => (
            <MenuItem key={act.id} id={act.id} textValue={act.label} className={cx(styles.item, act.bad && styles.bad)}>
              <span aria-hidden="true" className={styles.icon}>
                {act.checked === undefined ? act.icon : <Check size={14} className={act.checked ? undefined : styles.off} />}
              </span>
              <span className={styles.label}>{act.label}</span>{' '}
              {act.unavailable ? <span className={styles.why}>{act.unavailable}</span> : null}
              {act.shortcut ? (
                <kbd aria-hidden="true" className={styles.keys}>
                  <KeyName>{act.shortcut}</KeyName>
                </kbd>
              ) : null}
            </MenuItem>
          ))}
        </MenuSection>,
      ])}
    </AriaMenu>
  );
}

function checksOf({ acts }: MenuPart) {
  if (acts.every((act) => act.checked === undefined)) return {};
  return { selectionMode: 'multiple' as const, selectedKeys: acts.filter((act) => act.checked).map((act) => act.id) };
}

/** A menu behind a button: `trigger` is a `Button` or an `IconButton`. */
export function MenuButton({ label, parts, trigger }: { label: string; parts: readonly MenuPart[]; trigger: ReactNode }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={styles.popover} offset={4} placement="bottom start">
        <MenuList label={label} parts={parts} />
      </Popover>
    </MenuTrigger>
  );
}
