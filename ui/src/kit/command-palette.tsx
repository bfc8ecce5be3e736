import { Search } from 'lucide-react';
import { useContext, useState } from 'react';
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import styles from './command-palette.module.css';
import { OverDialogs } from './dialog';
import { Kbd } from './kbd';
import { arrange, type PaletteItem } from './palette-match';

export type { PaletteItem } from './palette-match';

/**
 * Finds places, things and commands by the beginning of their words. The focus stays in the line; arrows move through
 * what was found, Enter takes it, Escape leaves. It knows nothing of what the lines are.
 */
export function CommandPalette({
  label,
  items,
  recent,
  recentTitle,
  emptyText,
  onChoose,
  onClose,
  onType,
  busy = false,
  busyText,
}: {
  label: string;
  items: readonly PaletteItem[];
  /** The ids that were chosen last, the last one first. */
  recent: readonly string[];
  recentTitle: string;
  emptyText: string;
  onChoose: (id: string) => void;
  onClose: () => void;
  /** For a caller who looks for more while one types. */
  onType?: (text: string) => void;
  busy?: boolean;
  busyText?: string;
}) {
  const [typed, setTyped] = useState('');
  const over = useContext(OverDialogs);
  const sections = arrange(items, typed, recent, recentTitle);
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={styles.scrim}
    >
      <Modal className={styles.modal}>
        <Dialog aria-label={label} className={styles.dialog}>
          <div role="status">{over}</div>
          <Autocomplete
            inputValue={typed}
            onInputChange={(text) => {
              setTyped(text);
              onType?.(text);
            }}
          >
            <SearchField
              aria-label={label}
              className={styles.search}
              autoFocus
              onKeyDown={(event) => {
                // One Escape leaves, also where something is typed: the palette is a short stop.
                if (event.key === 'Escape') onClose();
                else event.continuePropagation();
              }}
            >
              <Search aria-hidden size={16} strokeWidth={1.75} />
              <Input className={styles.input} placeholder={label} />
            </SearchField>
            {/* The focus stays in the line, so the list has nothing to focus of its own; it can be reached to be scrolled. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <div role="group" aria-label={label} tabIndex={0} className={styles.list}>
              <Menu
                aria-label={label}
                items={sections.map((section) => ({ ...section, id: `section:${section.title}` }))}
                className={styles.menu}
                onAction={(id) => {
                  onClose();
                  onChoose(String(id));
                }}
                renderEmptyState={() => <p className={styles.empty}>{busy ? busyText : emptyText}</p>}
              >
                {(section) => (
                  <MenuSection id={section.id}>
                    <Header className={styles.title}>{section.title}</Header>
                    <Collection items={section.items}>{(item) => <Line item={item} />}</Collection>
                  </MenuSection>
                )}
              </Menu>
            </div>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Line({ item }: { item: PaletteItem }) {
  return (
    <MenuItem id={item.id} textValue={item.label} className={styles.item}>
      <span className={styles.label}>{item.label}</span>{' '}
      {item.detail ? <span className={styles.detail}>{item.detail}</span> : null}
      {item.keys ? <Kbd>{item.keys}</Kbd> : null}
    </MenuItem>
  );
}
