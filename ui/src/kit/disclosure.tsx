import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Disclosure as AriaDisclosure, Button, DisclosurePanel, Heading } from 'react-aria-components';
import styles from './disclosure.module.css';

/** Something folded away that is there for who needs it. With `open` whoever draws it says whether it is. */
export function Disclosure({ title, open, onOpen, children }: { title: string; open?: boolean; onOpen?: (open: boolean) => void; children: ReactNode }) {
  return (
    <AriaDisclosure className={styles.disclosure} {...(open === undefined ? {} : { isExpanded: open })} {...(onOpen ? { onExpandedChange: onOpen } : {})}>
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
