import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { shownText } from '@/domain/path';
import { m } from '@/messages';
import styles from './preview.module.css';

// Nothing that is drawn can be followed or loaded: a link is its text with its address beside it, a picture its words.
const PARTS: Components = {
  a: ({ children, href }) => (
    <span>
      {children}
      {href ? <span className={styles.address}> ({shownText(href)})</span> : null}
    </span>
  ),
  img: ({ alt }) => <span className={styles.address}>[{m.preview_image()}{alt ? `: ${shownText(alt)}` : ''}]</span>,
  input: ({ checked }) => <span>{checked ? '☑ ' : '☐ '}</span>,
};

/** Markdown without its HTML. */
export function MarkdownText({ text }: { text: string }) {
  return (
    <div className={styles.markdown} data-text translate="no">
      <Markdown remarkPlugins={[remarkGfm]} skipHtml components={PARTS}>
        {shownText(text)}
      </Markdown>
    </div>
  );
}
