import { useState } from 'react';
import { m } from '@/messages';
import { previewAddress } from '@/queries';
import { Nothing } from './nothing';
import styles from './preview.module.css';

/** A picture. A drawing is drawn as one too: as an image its scripts never run and it loads nothing. */
export function Picture({ token, name, by }: { token: string; name: string; /** Who made it of the file, where that is not the picture itself. */ by?: string }) {
  const [damaged, setDamaged] = useState(false);
  const [points, setPoints] = useState<{ width: number; height: number } | null>(null);
  if (damaged) return <Nothing title={m.preview_damaged_title()} body={m.preview_damaged_body()} />;
  return (
    <figure className={styles.picture}>
      <img
        src={previewAddress(token)}
        alt={m.preview_of({ name })}
        onError={() => setDamaged(true)}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setPoints({ width, height })}
      />
      {by !== undefined ? (
        <figcaption className={styles.said}>{m.preview_drawn({ place: by })}</figcaption>
      ) : points ? (
        <figcaption className={styles.said}>{m.preview_points({ width: points.width, height: points.height })}</figcaption>
      ) : null}
    </figure>
  );
}
