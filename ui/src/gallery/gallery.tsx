// Every part of the kit in every state, on one page. For work on the kit and for pictures of it: only the fake build
// has it, under `?gallery`, so its words are not translated.
import { Controls } from './controls';
import styles from './gallery.module.css';
import { Lists } from './lists';
import { Overlays } from './overlays';
import { Signs } from './signs';

export function Gallery() {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region has to be reachable by keyboard
    <main className={styles.gallery} tabIndex={0}>
      <h1 className={styles.title}>Kit</h1>
      <div className={styles.parts}>
        <Controls />
        <Overlays />
        <Lists />
        <Signs />
      </div>
    </main>
  );
}
