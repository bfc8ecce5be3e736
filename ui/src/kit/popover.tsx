import type { ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover as AriaPopover, Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import styles from './popover.module.css';

/** The dialog in a popover has the name. A frame that its trigger names too is content outside of every landmark. */
const UNNAMED = { 'aria-labelledby': '' };

/** A little more beside what was pressed. Escape closes it; what needs an answer is a `Dialog`. */
export function Popover({
  label,
  trigger,
  children,
}: {
  label: string;
  /** A `Button` or an `IconButton`. */
  trigger: ReactNode;
  children: ReactNode | ((close: () => void) => ReactNode);
}) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover {...UNNAMED} className={styles.popover} offset={6}>
        <Dialog aria-label={label} className={styles.dialog}>
          {({ close }) => (typeof children === 'function' ? children(close) : children)}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}

/** Words for what has the pointer or the focus. Never the only place where something stands. */
export function Tooltip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      {children}
      <AriaTooltip className={styles.tooltip} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
