import { shownText } from '@/domain/path';
import { m } from '@/messages';
import styles from './preview.module.css';

/** A text as it stands. What would turn the writing or hide something is shown as a sign. */
export function PlainText({ text, name }: { text: string; name: string }) {
  return (
    // A scrolling region has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className={styles.plain} data-text translate="no" role="region" tabIndex={0} aria-label={m.preview_of({ name })}>
      {shownText(text)}
    </pre>
  );
}
