import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowLeft, ArrowRight, ArrowUp, Ellipsis, FolderPlus, House, RotateCw, Upload } from 'lucide-react';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { shownName, typedFolder } from '@/domain/path';
import { type BrowseTab, HERE, parentOf, stepsTo } from '@/domain/spots';
import type { PlaceView, VersionView } from '@/ipc';
import { Breadcrumbs } from '@/kit/breadcrumbs';
import { IconButton } from '@/kit/button';
import { MenuButton } from '@/kit/menu';
import { m } from '@/messages';
import { useCommands } from '@/parts/commands';
import { tellError } from '@/parts/error-notice';
import { homeFolder, lookAt } from '@/queries';
import { hidingMark } from './bring-back';
import styles from './browse.module.css';
import { HiddenDialog } from './hidden-dialog';
import { menuOf } from './menus';
import { tabs } from './tabs-state';
import type { Acts } from './use-acts';

/** The crumb of what was found. No path is like it. */
const FOUND = 'found';

/** Back, forward, up, home, and the path itself. */
export function Navigation({ tab, place, name, onReload, acts, finder, results, children }: { tab: BrowseTab; place: PlaceView; name: string; /** What stands last where results are shown. */ results: string | null; onReload: () => void; acts: Acts; finder: ReactNode; children: ReactNode }) {
  const { path } = place;
  const home = useQuery(homeFolder).data;
  const start = tab.here.at === HERE ? (home ?? '/') : '/';
  // From what was found one goes up to the folder that it was looked for from.
  const up = results === null ? parentOf(path) : path;
  const [asked, setAsked] = useState(0);
  const [wrong, setWrong] = useState<string | undefined>();
  const [hidden, setHidden] = useState<{ place: PlaceView; mark: VersionView } | null>(null);
  const go = (to: string, reveal: string | null = null) => {
    setWrong(undefined);
    tabs.go({ at: tab.here.at, path: to }, reveal);
  };
  const looking = useMutation({
    ...lookAt,
    onSuccess: async (found, asking) => {
      if (found === null) {
        const mark = await hidingMark(asking);
        if (mark) setHidden({ place: asking, mark });
        else setWrong(m.browse_nothing_there({ path: shownName(asking.path) }));
      } else if (found.kind === 'folder') go(found.path === '' ? '/' : asking.path);
      else go(parentOf(asking.path) ?? '/', asking.path);
    },
    onError: (reason) => tellError(reason, name),
  });
  useCommands([
    { id: 'browse.back', title: m.browse_back, keys: 'Alt ←', enabled: tab.back.length > 0, run: tabs.back },
    { id: 'browse.forward', title: m.browse_forward, keys: 'Alt →', enabled: tab.forward.length > 0, run: tabs.forward },
    { id: 'browse.home', title: m.browse_home, keys: 'Alt Home', run: () => go(start) },
    { id: 'browse.path', title: m.browse_edit_path, keys: 'Ctrl L', run: () => setAsked((now) => now + 1) },
  ]);
  const onButton = useEffectEvent((event: MouseEvent) => {
    // The side buttons of a mouse.
    if (event.button === 3) tabs.back();
    else if (event.button === 4) tabs.forward();
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: MouseEvent) => onButton(event);
    window.addEventListener('mouseup', listen);
    return () => window.removeEventListener('mouseup', listen);
  }, []);
  return (
    <div className={styles.bar}>
      <div className={styles.ways}>
        <IconButton label={m.browse_back()} isDisabled={tab.back.length === 0} onPress={tabs.back}>
          <ArrowLeft aria-hidden size={16} />
        </IconButton>
        <IconButton label={m.browse_forward()} isDisabled={tab.forward.length === 0} onPress={tabs.forward}>
          <ArrowRight aria-hidden size={16} />
        </IconButton>
        <IconButton label={m.browse_up()} isDisabled={up === null} onPress={() => up !== null && go(up, results === null ? path : null)}>
          <ArrowUp aria-hidden size={16} />
        </IconButton>
        <IconButton label={m.browse_home()} onPress={() => go(start)}>
          <House aria-hidden size={15} />
        </IconButton>
        <IconButton label={m.browse_reload()} onPress={onReload}>
          <RotateCw aria-hidden size={14} />
        </IconButton>
      </div>
      <div className={styles.crumbs}>
        <Breadcrumbs
          label={m.browse_path()}
          crumbs={[
            { id: '/', label: name },
            ...stepsTo(results === null ? path : (tab.here.sought?.within ?? '/')).map((step) => ({ id: step.path, label: shownName(step.name) })),
            ...(results === null ? [] : [{ id: FOUND, label: results }]),
          ]}
          onGo={(to) => go(to, stepsTo(path).find((step) => parentOf(step.path) === to)?.path ?? null)}
          path={path}
          onPath={(typed) => looking.mutate({ connection: place.connection, path: typedFolder(typed) })}
          editLabel={m.browse_edit_path()}
          error={wrong}
          editing={asked}
        />
      </div>
      <div className={styles.finder}>{finder}</div>
      <div className={styles.tools}>
        {children}
        {acts.can.makeFolder ? (
          <span className={styles.spare}>
            <IconButton label={m.browse_new_folder()} onPress={acts.newFolder}>
              <FolderPlus aria-hidden size={16} />
            </IconButton>
          </span>
        ) : null}
        {acts.can.upload ? (
          <span className={styles.spare}>
            <IconButton label={m.browse_upload_files()} onPress={() => acts.upload('files')}>
              <Upload aria-hidden size={15} />
            </IconButton>
          </span>
        ) : null}
        <MenuButton
          label={m.browse_acts()}
          parts={menuOf(acts)}
          trigger={
            <IconButton label={m.browse_acts()}>
              <Ellipsis aria-hidden size={16} />
            </IconButton>
          }
        />
      </div>
      {hidden ? (
        <HiddenDialog
          {...hidden}
          where={name}
          onBack={() => {
            const { path: back } = hidden.place;
            setHidden(null);
            if (parentOf(back) === path) onReload();
            go(parentOf(back) ?? '/', back);
          }}
          onClose={() => setHidden(null)}
        />
      ) : null}
    </div>
  );
}
