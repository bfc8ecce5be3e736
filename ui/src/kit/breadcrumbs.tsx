import { ChevronRight, Pencil } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { Breadcrumb, Breadcrumbs as AriaBreadcrumbs, Button } from 'react-aria-components';
import styles from './breadcrumbs.module.css';
import { IconButton } from './button';

export interface Crumb {
  id: string;
  label: string;
}

/**
 * Where one is, each step a way back. The pencil, or typing Ctrl/Cmd L on it, turns it into a line that a path is
 * typed or pasted into: Enter goes there, Escape leaves all as it was.
 */
export function Breadcrumbs({
  label,
  crumbs,
  onGo,
  path,
  onPath,
  editLabel,
  error,
  editing = null,
}: {
  label: string;
  crumbs: readonly Crumb[];
  onGo: (id: string) => void;
  /** The same place as a text; with `onPath` it can be edited. */
  path?: string;
  onPath?: (path: string) => void;
  editLabel?: string;
  /** Why the path that was typed leads nowhere. */
  error?: string | undefined;
  /** A number that grows opens the line, for a key of the place. */
  editing?: number | null;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const canEdit = onPath !== undefined && path !== undefined;
  const [asked, setAsked] = useState(editing);
  if (asked !== editing) {
    setAsked(editing);
    if (canEdit) setDraft(path);
  }

  function onLineKey(event: KeyboardEvent) {
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter' && draft !== null && draft.trim() !== '' && draft !== path) onPath?.(draft.trim());
    setDraft(null);
  }
  if (draft !== null)
    return (
      <div className={styles.bar}>
        <input
          aria-label={editLabel ?? label}
          className={styles.line}
          value={draft}
          spellCheck={false}
          autoComplete="off"
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onLineKey}
          onBlur={() => setDraft(null)}
        />
      </div>
    );
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of what is in it
    <nav
      aria-label={label}
      className={styles.bar}
      onKeyDown={(event) => {
        if (!canEdit || event.key.toLowerCase() !== 'l' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        setDraft(path);
      }}
    >
      <AriaBreadcrumbs className={styles.crumbs}>
        {crumbs.map((crumb, at) => (
          <Breadcrumb key={crumb.id} id={crumb.id} className={styles.crumb}>
            {at < crumbs.length - 1 ? (
              <>
                <Button className={styles.step} onPress={() => onGo(crumb.id)}>
                  {crumb.label}
                </Button>
                <ChevronRight aria-hidden size={13} />
              </>
            ) : (
              <span aria-current="page" data-text className={styles.here}>
                {crumb.label}
              </span>
            )}
          </Breadcrumb>
        ))}
      </AriaBreadcrumbs>
      {canEdit ? (
        <IconButton label={editLabel ?? label} onPress={() => setDraft(path)}>
          <Pencil aria-hidden size={13} />
        </IconButton>
      ) : null}
      {error ? (
        <span role="alert" className={styles.error}>
          {error}
        </span>
      ) : null}
    </nav>
  );
}
