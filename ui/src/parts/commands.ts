// What can be done now, said once: the palette finds it, `?` lists it and its key runs it, all from here. A place offers
// its commands while it is shown, the shell offers its own all the time.
import { useEffect, useState } from 'react';
import type { Locale } from '@/messages';
import { isDialogOpen } from './open-dialog';
import { Store, useStore } from './store';

/** A message itself rather than its text, so that a command is found by its name in the other languages too. */
type Message = (inputs?: Record<string, never>, options?: { locale?: Locale }) => string;

export interface Command {
  /** Lasting: what was used last is remembered by it. `transfers.pause-all`. */
  id: string;
  title: string | Message;
  /** The heading it stands under in the palette; without one among the commands. */
  group?: string;
  /** As they stand on the keyboard: `Ctrl O`, `N`, `?`, `Shift Delete`. Several that do the same stand apart by two spaces. */
  keys?: string;
  run: () => void;
  /** Whether it can be done now; what cannot is not offered, and its key does nothing. */
  enabled?: boolean;
  /** More words that find it. */
  words?: readonly string[];
  /** A key alone, such as closing what is open: listed under `?`, not offered by the palette. */
  keyOnly?: boolean;
}

export type Reach = 'here' | 'everywhere';

export interface Offer {
  key: symbol;
  reach: Reach;
  commands: readonly Command[];
}

const offers = new Store<readonly Offer[]>([]);

/**
 * Offers commands as long as the component is mounted: `useCommands([{ id, title, keys, run }])`. Of two with the same
 * key the place's acts, then the one that was offered last.
 */
export function useCommands(commands: readonly Command[], reach: Reach = 'here'): void {
  const [key] = useState(() => Symbol('commands'));
  useEffect(() => offer({ key, reach, commands }), [key, reach, commands]);
  useEffect(() => () => withdraw(key), [key]);
}

/** What changes keeps its turn. Those who draw the offers hear of it: the palette and the list of keys, while they lie open. */
function offer(changed: Offer): void {
  const all = offers.get();
  const known = all.some((one) => one.key === changed.key);
  offers.set(known ? all.map((one) => (one.key === changed.key ? changed : one)) : [...all, changed]);
}

function withdraw(key: symbol): void {
  offers.set(offers.get().filter((one) => one.key !== key));
}

/** Everything that is offered now, in the order in which it was. */
export function useOffered(): readonly Offer[] {
  return useStore(offers, (all) => all);
}

/** For tests, and for whoever asks outside of drawing. */
export function offered(): readonly Offer[] {
  return offers.get();
}

export function titleOf(command: Command): string {
  return typeof command.title === 'string' ? command.title : command.title();
}

/** Its name in these languages, to be found by. */
export function wordsOf(command: Command, languages: readonly Locale[]): readonly string[] {
  const { title, words = [] } = command;
  return typeof title === 'string' ? words : [...words, ...languages.map((locale) => title({}, { locale }))];
}

interface Press {
  key: string;
  control: boolean;
  shift: boolean;
  alt: boolean;
}

const NAMED: Record<string, string> = { esc: 'escape', space: ' ', '↑': 'arrowup', '↓': 'arrowdown', '←': 'arrowleft', '→': 'arrowright' };

/** The presses that a text of keys names. */
export function pressesOf(keys: string): Press[] {
  return keys.split(/ {2,}/).map((one) => {
    const words = one.trim().split(' ');
    const key = (words.pop() ?? '').toLowerCase();
    return { key: NAMED[key] ?? key, control: words.includes('Ctrl'), shift: words.includes('Shift'), alt: words.includes('Alt') };
  });
}

/** Chords that a text field has of its own. */
const OF_TEXT = new Set(['a', 'c', 'v', 'x', 'y', 'z', 'arrowleft', 'arrowright', 'home', 'end', 'backspace', 'delete']);

function isPressed(event: KeyboardEvent, press: Press): boolean {
  if (event.key.toLowerCase() !== press.key) return false;
  // A sign such as ? is typed with Shift on one keyboard and without it on another.
  const sign = press.key.length === 1 && !/[\p{L}\p{N} ]/u.test(press.key);
  return (event.ctrlKey || event.metaKey) === press.control && event.altKey === press.alt && (sign || event.shiftKey === press.shift);
}

/** Whether a key belongs to a text that is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}

/** Whether a question or a menu has the keyboard. A notice has a dialog's role too, and stands beside the window's keys. */
function isAside(target: EventTarget | null): boolean {
  return isDialogOpen() || (target instanceof Element && target.closest('section[role=dialog], section[role=alertdialog], [role=menu], [data-trigger]') !== null);
}

/** The command that a key press runs, unless a text is being typed or something lies over the window. */
export function commandOf(event: KeyboardEvent): Command | undefined {
  if (event.defaultPrevented || isAside(event.target)) return undefined;
  const typing = isTyping(event.target);
  const acts = (command: Command) =>
    command.enabled !== false &&
    command.keys !== undefined &&
    pressesOf(command.keys).some(
      (press) => isPressed(event, press) && !(typing && (!(press.control || press.alt) || OF_TEXT.has(press.key))),
    );
  const newest = offers.get().toReversed();
  const near = newest.filter((one) => one.reach === 'here');
  const far = newest.filter((one) => one.reach === 'everywhere');
  return [...near, ...far].flatMap((one) => one.commands).find(acts);
}

/** Lets the keys of everything that is offered act. Once, by the shell. */
export function useCommandKeys(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const command = commandOf(event);
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
