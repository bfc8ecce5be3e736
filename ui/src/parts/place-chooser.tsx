import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { typedFolder } from '@/domain/path';
import { HERE } from '@/domain/spots';
import type { PlaceView } from '@/ipc';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { m } from '@/messages';
import { connections } from '@/queries';
import { FolderTree } from './folder-tree';
import styles from './place-chooser.module.css';

/** Asks for a folder of a connection or of this computer: out of the tree, or typed. */
export function PlaceChooser({ label, value, onChange }: { label: string; value: PlaceView; onChange: (place: PlaceView) => void }) {
  const list = useQuery(connections).data ?? [];
  // While a path is typed it stands as it is typed.
  const [typed, setTyped] = useState<string | null>(null);
  const choose = (place: PlaceView) => {
    setTyped(null);
    onChange(place);
  };
  const tree = useRef<HTMLDivElement>(null);
  const wanted = `${value.connection ?? HERE} ${value.path} ${list.length}`;
  const shown = useRef('');
  useEffect(() => {
    if (shown.current === wanted || !tree.current) return;
    shown.current = wanted;
    showIn(tree.current);
  }, [wanted]);
  return (
    <div className={styles.chooser} role="group" aria-label={label}>
      <div className={styles.fields}>
        <Select
          label={m.browse_where()}
          options={[{ id: HERE, label: m.this_computer() }, ...list.map((one) => ({ id: one.id, label: one.name }))]}
          value={value.connection ?? HERE}
          onChange={(id) => choose({ connection: id === HERE ? null : id, path: '/' })}
        />
        <TextField
          label={m.browse_path()}
          value={typed ?? value.path}
          onChange={(text) => {
            setTyped(text);
            onChange({ connection: value.connection, path: typedFolder(text) });
          }}
          mono
        />
      </div>
      <div ref={tree} className={styles.tree}>
        <FolderTree label={label} chosen={value} onChoose={choose} />
      </div>
    </div>
  );
}

/** Scrolls a box to what is chosen in it, or to what it lies in, and nothing around the box. */
function showIn(box: HTMLElement): void {
  const lines = box.querySelectorAll<HTMLElement>('[data-within], [data-selected]');
  const line = lines[lines.length - 1]?.getBoundingClientRect();
  if (!line) return;
  const { top, bottom } = box.getBoundingClientRect();
  if (line.top < top) box.scrollTop -= top - line.top;
  else if (line.bottom > bottom) box.scrollTop += line.bottom - bottom;
}
