import { useState } from 'react';
import { fileKind, shownName } from '@/domain/path';
import type { AbilitiesView, EntryView, PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { SidePanel } from '@/kit/split';
import { Tabs, type TabItem } from '@/kit/tabs';
import { m } from '@/messages';
import { Details } from './details';
import { LinkDialog } from './link-dialog';
import { Preview } from './preview';
import styles from './entry-side.module.css';
import { Versions } from './versions';

export interface EntrySideProps {
  /** The folder that it lies in. */
  place: PlaceView;
  connectionName: string;
  /** Which connector. */
  kind: string;
  entry: EntryView;
  abilities: AbilitiesView;
  /** What the list tells of it may be another now. */
  onChanged: () => void;
  onClose: () => void;
}

type Tab = 'preview' | 'details' | 'versions';

/** The tab that was chosen last, so that going through a list by key keeps to it. */
let last: Tab = 'preview';

/** Everything about one entry: a look at it, what is told of it, its versions. */
export function EntrySide({ place, connectionName, kind, entry, abilities, onChanged, onClose }: EntrySideProps) {
  const [tab, setTab] = useState<Tab>(last);
  const [linking, setLinking] = useState(false);
  const file = entry.kind === 'file' && entry.addressable;
  const at: PlaceView = { connection: place.connection, path: entry.path };
  const tabs: TabItem<Tab>[] = [
    ...(file && abilities.read ? [{ id: 'preview' as const, title: m.entry_preview(), content: <div className={styles.panel}><Preview place={at} entry={entry} connectionName={connectionName} /></div> }] : []),
    { id: 'details', title: m.entry_details(), content: <div className={styles.panel}><Details place={at} entry={entry} connectionName={connectionName} kind={kind} abilities={abilities} onChanged={onChanged} /></div> },
    ...(file && abilities.versions ? [{ id: 'versions' as const, title: m.entry_versions(), content: <div className={styles.panel}><Versions place={at} entry={entry} connectionName={connectionName} removes={abilities.removesVersions} /></div> }] : []),
  ];
  const chosen = tabs.some((one) => one.id === tab) ? tab : 'details';
  return (
    <SidePanel
      id="entry-side"
      label={m.browse_side()}
      title={shownName(entry.name)}
      subtitle={fileKind(entry.name) === 'plain' && entry.kind !== 'file' ? m.entry_in({ place: connectionName }) : connectionName}
      onClose={onClose}
      closeLabel={m.close()}
      resize={{ label: m.entry_side_width(), memory: WIDTH }}
      actions={
        file && abilities.links ? (
          <Button onPress={() => setLinking(true)}>{m.entry_link()}</Button>
        ) : undefined
      }
    >
      {tabs.length > 1 ? (
        <div className={styles.bleed}>
          <Tabs
            label={m.entry_views()}
            tabs={tabs}
            chosen={chosen}
            onChoose={(id) => {
              last = id;
              setTab(id);
            }}
          />
        </div>
      ) : (
        tabs[0]?.content
      )}
      {linking ? <LinkDialog place={at} name={entry.name} onClose={() => setLinking(false)} /> : null}
    </SidePanel>
  );
}

const WIDTH = {
  read: () => Number(localStorage.getItem('entry-side')) || null,
  write: (size: number) => localStorage.setItem('entry-side', String(size)),
};
