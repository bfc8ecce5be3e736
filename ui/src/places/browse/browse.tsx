import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useEffect } from 'react';
import { lastName, shownName, typedFolder } from '@/domain/path';
import { HERE, type Spot } from '@/domain/spots';
import { IconButton } from '@/kit/button';
import { Page } from '@/kit/page';
import { Panes } from '@/kit/panes';
import { Tabs } from '@/kit/tabs';
import { m } from '@/messages';
import { useCommands } from '@/parts/commands';
import type { PlaceSearch } from '@/parts/place';
import { connections as connectionsQuery, connectorSpecs, homeFolder } from '@/queries';
import styles from './browse.module.css';
import { DragGhost } from './drag-ghost';
import { FolderTree } from './folder-tree';
import { FolderView } from './folder-view';
import { useHeadline } from './headline';
import { RemovalStrip } from './removal-strip';
import { treeWidth } from './memory';
import { lastPath, tabs, useTabs } from './tabs-state';

/** Folders of every connection and of this computer, in tabs. */
export function Browse() {
  const search: PlaceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const state = useTabs();
  const headline = useHeadline();
  const list = useQuery(connectionsQuery).data;
  const home = useQuery(homeFolder).data;
  const specs = useQuery(connectorSpecs).data;
  const hasFolders = ({ kind }: { kind: string }) => specs?.find((spec) => spec.kind === kind)?.folders ?? true;
  const { at, path, chosen } = search;
  useEffect(() => {
    // Another place sent us here: its wish is taken over once, and the address is empty again.
    if (at === undefined) return;
    tabs.go({ at, path: path === undefined ? lastPath(at) : typedFolder(path) }, chosen ?? null);
    void navigate({ to: '/browse', search: {}, replace: true });
  }, [at, path, chosen, navigate]);

  const here = state.tabs.find((tab) => tab.id === state.active)?.here ?? { at: HERE, path: null };
  const nameOf = (spot: Spot) => (spot.at === HERE ? m.this_computer() : (list?.find((one) => one.id === spot.at)?.name ?? m.browse_gone_short()));
  const pathOf = (spot: Spot) => spot.path ?? (spot.at === HERE ? (home ?? null) : '/');
  const titleOf = (spot: Spot) => {
    if (spot.sought) return spot.sought.text === '' ? m.search_found() : m.search_found_for({ text: shownName(spot.sought.text) });
    const where = pathOf(spot);
    return where === null || where === '/' ? nameOf(spot) : shownName(lastName(where));
  };
  useCommands([
    { id: 'browse.new-tab', title: m.browse_new_tab, keys: 'Ctrl T', run: () => tabs.open(here) },
    { id: 'browse.close-tab', title: m.browse_close_tab, keys: 'Ctrl W', run: () => tabs.close(state.active), enabled: state.tabs.length > 1 },
    ...[{ id: HERE, name: m.this_computer() }, ...(list ?? []).filter(hasFolders)].map((one) => ({
      id: `browse.go.${one.id}`,
      title: m.browse_go_to({ place: one.name }),
      run: () => tabs.go({ at: one.id, path: lastPath(one.id) }),
    })),
  ]);

  return (
    <Page
      title={m.place_browse()}
      sub={
        <span role="status" aria-live="off" title={headline}>
          {headline}
        </span>
      }
      actions={
        <IconButton label={m.browse_new_tab()} onPress={() => tabs.open(here)}>
          <Plus aria-hidden size={16} />
        </IconButton>
      }
    >
      <div className={styles.stage}>
        <Panes
          dividerLabel={m.browse_tree_divider()}
          initial={230}
          min={150}
          max={480}
          memory={treeWidth}
          first={<FolderTree here={here} path={pathOf(here)} onGo={(spot) => tabs.go(spot)} />}
          second={
            <div className={styles.tabs}>
              <Tabs
                label={m.browse_tabs()}
                tabs={state.tabs.map((tab) => ({
                  id: tab.id,
                  title: titleOf(tab.here),
                  closable: state.tabs.length > 1,
                  content: <FolderView key={`${tab.here.at}:${tab.here.path ?? ''}`} tab={tab} path={pathOf(tab.here)} />,
                }))}
                chosen={state.active}
                onChoose={tabs.choose}
                onClose={tabs.close}
                closeLabel={(title) => m.browse_close_named({ name: title })}
              />
              <RemovalStrip />
            </div>
          }
        />
      </div>
      <DragGhost />
    </Page>
  );
}
