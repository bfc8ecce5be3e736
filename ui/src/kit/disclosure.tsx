import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Disclosure as AriaDisclosure, Button, DisclosurePanel, Heading } from 'react-aria-components';
import styles from './disclosure.module.css';

/** Something folded away that is there for who needs it. */
export function Disclosure({ title, children }: { title: string; children: ReactNode }) {
  return (
    <AriaDisclosure className={styles.disclosure}>
      <Heading level={2} className={styles.heading}>
        <Button slot="trigger" className={styles.trigger}>
          <ChevronRight aria-hidden size={14} className={styles.chevron} />
          {title}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className={styles.body}>{children}</div>
      </DisclosurePanel>
    </AriaDisclosure>
  );
}
