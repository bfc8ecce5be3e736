import { X } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import { Tab as AriaTab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import styles from './tabs.module.css';

export interface TabItem<Id extends string> {
  id: Id;
  title: string;
  count?: string | undefined;
  closable?: boolean;
  content: ReactNode;
}

/** Views of one thing, side by side. A closable one is closed by its cross, by Delete, or by the middle button. */
export function Tabs<Id extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  onClose,
  closeLabel,
}: {
  label: string;
  tabs: readonly TabItem<Id>[];
  chosen: Id;
  onChoose: (id: Id) => void;
  onClose?: (id: Id) => void;
  /** What the cross of a tab is called, for readers that speak. */
  closeLabel?: (title: string) => string;
}) {
  function close(id: Id) {
    const at = tabs.findIndex((tab) => tab.id === id);
    const next = tabs[at + 1] ?? tabs[at - 1];
    if (id === chosen && next) onChoose(next.id);
    onClose?.(id);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Delete' && event.key !== 'Backspace') return;
    const tab = tabs.find((one) => one.id === chosen);
    if (!tab?.closable || !(event.target instanceof HTMLElement) || event.target.role !== 'tab') return;
    event.preventDefault();
    close(tab.id);
  }
  return (
    <AriaTabs
      className={styles.tabs}
      selectedKey={chosen}
      onSelectionChange={(key) => {
        const tab = tabs.find((one) => one.id === key);
        if (tab) onChoose(tab.id);
      }}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- hears the keys of the tabs in it */}
      <div className={styles.strip} onKeyDown={onKeyDown}>
        <TabList aria-label={label} className={styles.list}>
          {tabs.map((tab) => (
            <AriaTab
              key={tab.id}
              id={tab.id}
              className={styles.tab}
              onMouseDown={(event) => {
                if (event.button === 1 && tab.closable) close(tab.id);
              }}
            >
              <span className={styles.title}>{tab.title}</span>
              {tab.count ? <span className={styles.count}>{tab.count}</span> : null}
              {tab.closable ? (
                // A tab may hold nothing that takes the focus; its key is Delete, which the title names.
                <span
                  aria-hidden="true"
                  title={closeLabel?.(tab.title)}
                  className={styles.close}
                  onPointerDown={(event) => event.stopPropagation()}
                  onMouseDown={(event) => event.stopPropagation()}
                  onClick={(event) => {
                    event.stopPropagation();
                    close(tab.id);
                  }}
                >
                  <X size={13} />
                </span>
              ) : null}
            </AriaTab>
          ))}
        </TabList>
      </div>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles.panel}>
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
