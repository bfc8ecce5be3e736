import { type MouseEvent, useRef, useState } from 'react';
import { Popover } from 'react-aria-components';
import { MenuList, type MenuPart } from './menu';
import styles from './menu.module.css';

interface Asked {
  x: number;
  y: number;
  from: HTMLElement | null;
}

export interface ContextMenuControl {
  asked: Asked | null;
  /** For `onContextMenu`: a right click, or the menu key and Shift F10, which stand at the focused thing. */
  open: (event: MouseEvent) => void;
  /** For a key of one's own, or a grid's `onMenu`. */
  openAt: (element: HTMLElement, point?: { x: number; y: number }) => void;
  close: () => void;
}

/** Where a context menu is asked for. What it offers is decided when it is drawn, from what is chosen then. */
export function useContextMenu(): ContextMenuControl {
  const [asked, setAsked] = useState<Asked | null>(null);
  function openAt(element: HTMLElement, point?: { x: number; y: number }) {
    const box = element.getBoundingClientRect();
    const from = document.activeElement instanceof HTMLElement ? document.activeElement : element;
    setAsked({ ...(point ?? { x: box.left + 24, y: box.bottom - 4 }), from });
  }
  return {
    asked,
    openAt,
    open: (event) => {
      event.preventDefault();
      if (!(event.target instanceof HTMLElement)) return;
      // A menu asked for by key has no pointer; what engines report as its place differs. Ctrl with a click is a right click on a Mac.
      const byKey = event.button !== 2 && !event.ctrlKey;
      openAt(event.target, byKey ? undefined : { x: event.clientX, y: event.clientY });
    },
    close: () => {
      setAsked(null);
      asked?.from?.focus();
    },
  };
}

/** The menu of what is under the pointer or has the focus. Escape closes it and the focus goes back. */
export function ContextMenu({ label, parts, control }: { label: string; parts: readonly MenuPart[]; control: ContextMenuControl }) {
  const anchor = useRef<HTMLSpanElement>(null);
  const { asked } = control;
  if (asked === null) return null;
  return (
    <>
      <span ref={anchor} aria-hidden="true" className={styles.anchor} style={{ left: asked.x, top: asked.y }} />
      <Popover
        isOpen
        onOpenChange={(open) => {
          if (!open) control.close();
        }}
        triggerRef={anchor}
        placement="bottom start"
        aria-label={label}
        className={styles.popover}
      >
        {/* A menu closes itself only below a trigger of its own; each act closes this one first. */}
        <MenuList
          label={label}
          parts={parts.map((part) => ({
            ...part,
            acts: part.acts.map((act) => ({
              ...act,
              run: () => {
                control.close();
                act.run();
              },
            })),
          }))}
        />
      </Popover>
    </>
  );
}
