import { useState } from 'react';
import type { AbilitiesView, PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { MenuButton } from '@/kit/menu';
import { m } from '@/messages';
import { Compare } from './compare';
import styles from './tools.module.css';
import { UploadsDialog } from './uploads-dialog';

/** What can be done with a whole folder beside looking at it: its unfinished uploads, and comparing it with another one. */
export function FolderTools({ place, connectionName, abilities }: { place: PlaceView; connectionName: string; abilities: AbilitiesView }) {
  const [open, setOpen] = useState<'uploads' | 'compare' | null>(null);
  return (
    <div className={styles.bar}>
      <MenuButton
        label={m.tools_label()}
        trigger={<Button>{m.tools_label()}</Button>}
        parts={[
          {
            id: 'tools',
            acts: [
              { id: 'compare', label: m.tools_compare(), run: () => setOpen('compare') },
              { id: 'uploads', label: m.tools_uploads(), unavailable: abilities.unfinished ? undefined : m.tools_no_uploads({ place: connectionName }), run: () => setOpen('uploads') },
            ],
          },
        ]}
      />
      {open === 'uploads' ? <UploadsDialog folder={place} connectionName={connectionName} onClose={() => setOpen(null)} /> : null}
      {open === 'compare' ? <Compare place={place} connectionName={connectionName} abilities={abilities} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}
