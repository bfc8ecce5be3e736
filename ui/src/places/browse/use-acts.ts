// Everything that can be done in a folder: said once, for the menu, the keys, the palette and the buttons.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, type PointerEvent } from 'react';
import type { Row } from '@/domain/entries';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { HERE, joined, parentOf } from '@/domain/spots';
import { thingsOf } from '@/domain/things';
import type { AbilitiesView, CopyDraftView, EntryView, PlaceView } from '@/ipc';
import type { MenuAct } from '@/kit/menu';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { expectComing, forgetComing, useComing } from '@/parts/coming';
import type { Command } from '@/parts/commands';
import { tellError } from '@/parts/error-notice';
import { type Sent, useGate } from '@/parts/metadata';
import { openSend } from '@/parts/open-dialog';
import { paste as pasteFiles } from '@/parts/paste';
import { dropFolder, rememberDropFolder } from '@/parts/remembered';
import { connections as connectionsQuery, copyEntries, makeFolder, pickPaths, renameEntry, runs as runsQuery } from '@/queries';
import { hold, isHeldNewer, useHeld } from './clipboard';
import { startEntryDrag } from './entry-drag';
import { tabs } from './tabs-state';

/** A question that lies over the place. */
export type Asking =
  | { kind: 'new-folder' }
  | { kind: 'fill'; entries: readonly EntryView[] }
  | { kind: 'remove'; entries: readonly EntryView[] }
  | { kind: 'copy'; sources: readonly PlaceView[]; to: PlaceView | null; move: boolean };

export interface Act extends MenuAct {
  /** `false`: not offered here at all. */
  shown?: boolean;
}

export interface Acts {
  parts: readonly { id: string; acts: readonly Act[] }[];
  commands: readonly Command[];
  can: { makeFolder: boolean; upload: boolean };
  asking: Asking | null;
  ask: (asking: Asking | null) => void;
  reload: () => void;
  newFolder: () => void;
  upload: (what: 'files' | 'folder') => void;
  /** The path of the entry whose name is being typed. */
  renaming: string | null;
  rename: (path: string, name: string | null) => void;
  make: (name: string) => void;
  making: { pending: boolean; error: unknown };
  copy: (draft: CopyDraftView) => void;
  copying: { pending: boolean; error: unknown };
  drag: (row: Row, event: PointerEvent<HTMLElement>) => void;
}

/** Where files of a connection were last brought to on this computer. */
const DOWNLOADS = `${HERE}.downloads`;

export function useActs({
  place,
  name,
  abilities,
  entries,
  inResults = false,
  reload,
  onChosen,
}: {
  place: PlaceView;
  name: string;
  abilities: AbilitiesView | undefined;
  entries: readonly EntryView[];
  /** They come from a search and lie in folders of their own. */
  inResults?: boolean;
  reload: () => void;
  onChosen: (key: string) => void;
}): Acts {
  const { connection, path } = place;
  const [asking, ask] = useState<Asking | null>(null);
  const [renaming, setRenaming] = useState<string | null>(null);
  const held = useHeld();
  const list = useQuery(connectionsQuery).data ?? [];
  const nameOf = (to: PlaceView) => (to.connection === null ? m.this_computer() : (list.find((one) => one.id === to.connection)?.name ?? ''));

  // What comes into this folder by a run is shown when the run is through.
  const coming = useComing().filter(({ to }) => to.connection === connection && to.path === path);
  const all = useQuery({ ...runsQuery, enabled: coming.length > 0 }).data ?? [];
  const here = all.filter((one) => !one.counting && one.done + one.failed >= one.files && coming.some(({ run }) => run === one.id)).map((one) => one.id);
  const through = here.length > 0;
  const onThrough = useEffectEvent(() => {
    forgetComing(here);
    reload();
  });
  useEffect(() => {
    if (through) onThrough();
  }, [through]);

  const copying = useMutation({
    ...copyEntries,
    onSuccess: (started: string, { sources, to }) => {
      toast({ text: m.browse_sent({ count: sources.length, n: formatNumber(sources.length, locale()), place: nameOf(to) }) });
      expectComing(started, to);
      ask(null);
    },
    onError: (reason, { to }) => {
      if (asking === null) tellError(reason, nameOf(to));
    },
  });
  const gate = useGate();
  const send = (sources: readonly PlaceView[], to: PlaceView, what: Sent) =>
    gate.through(to, what, (forms) => copying.mutate({ sources: [...sources], to, conflict: 'ask', proof: 'matched', thenDelete: false, forms }));

  const making = useMutation({
    ...makeFolder,
    onSuccess: (_: null, made) => {
      ask(null);
      onChosen(made.path);
      reload();
    },
  });
  const naming = useMutation({
    ...renameEntry,
    onSuccess: (to: string) => {
      onChosen(to);
      reload();
    },
    onError: (reason, { place: at }) => tellError(reason, shownName(at.path)),
  });
  const picking = useMutation({ ...pickPaths, onError: (reason) => tellError(reason, m.this_computer()) });

  const usable = entries.filter((entry) => entry.addressable);
  const sendable = usable.filter((entry) => entry.kind !== 'other');
  const [only] = entries.length === 1 ? usable : [];
  const files = usable.filter((entry) => entry.kind === 'file');
  const sources = sendable.map((entry) => ({ connection, path: entry.path }));
  const things = thingsOf(sendable);
  const none = entries.length === 0 ? m.browse_choose_first() : undefined;
  const unspelled = usable.length === 0 ? m.browse_unspellable_why() : undefined;
  const lacks = (has: boolean | undefined) => (has === true ? undefined : m.browse_not_here({ place: name }));

  const nowhere = inResults ? m.search_no_folder() : undefined;
  const bring = (paths: readonly string[]) => {
    if (paths.length > 0) send(paths.map((one) => ({ connection: null, path: one })), place, paths);
  };
  const pasteHeld = () => {
    if (held === null) return;
    if (held.cut) ask({ kind: 'copy', sources: held.sources, to: place, move: true });
    else send(held.sources, place, held.things);
  };
  const paste = async () => {
    const pasted = await pasteFiles((found) => {
      const newer = isHeldNewer(found);
      if (newer) pasteHeld();
      return newer;
    });
    if (pasted === null) return;
    bring(pasted.paths);
    // What has no file yet is shown before it becomes one. There is no run into this computer from its own clipboard.
    if (pasted.loose.length === 0) return;
    if (connection === null) toast({ text: m.browse_paste_loose() });
    else openSend([], connection, pasted.loose, path);
  };
  const download = (to: string | null) => {
    if (to !== null) return send(sources, { connection: null, path: to }, things);
    picking.mutate('folder', {
      onSuccess: ([folder]: string[]) => {
        if (folder === undefined) return;
        rememberDropFolder(DOWNLOADS, folder);
        send(sources, { connection: null, path: folder }, things);
      },
    });
  };
  const upload = (what: 'files' | 'folder') => picking.mutate(what, { onSuccess: (paths: string[]) => bring(paths) });
  const last = dropFolder(DOWNLOADS);
  const away = connection !== null;
  const cannotSend = none ?? unspelled ?? (sendable.length === 0 ? m.browse_other_why() : undefined) ?? lacks(abilities?.read);

  const parts: Acts['parts'] = [
    {
      id: 'open',
      acts: [
        { id: 'open-folder', label: m.search_open_folder(), shortcut: 'Ctrl Shift O', shown: inResults && only !== undefined, run: () => only && tabs.go({ at: connection ?? HERE, path: parentOf(only.path) ?? '/' }, only.path) },
        { id: 'new-tab', label: m.browse_open_tab(), shown: only?.kind === 'folder', run: () => only && tabs.open({ at: connection ?? HERE, path: only.path }) },
        { id: 'copy-path', label: m.browse_copy_path(), shown: only !== undefined, run: () => only && void navigator.clipboard?.writeText(only.path).then(() => toast({ text: m.copied() }), () => {}) },
      ],
    },
    {
      id: 'send',
      acts: [
        { id: 'copy-to', label: m.browse_copy_to(), shortcut: 'Ctrl Shift C', unavailable: cannotSend, run: () => ask({ kind: 'copy', sources, to: null, move: false }) },
        { id: 'move-to', label: m.browse_move_to(), unavailable: cannotSend ?? lacks(abilities?.remove), run: () => ask({ kind: 'copy', sources, to: null, move: true }) },
        { id: 'download', label: m.browse_download(), shortcut: 'Ctrl D', shown: away, unavailable: cannotSend, run: () => download(null) },
        { id: 'download-last', label: m.browse_download_last({ folder: shownName(last) }), shown: away && last !== '/' && cannotSend === undefined, run: () => download(last) },
      ],
    },
    {
      id: 'clipboard',
      acts: [
        { id: 'copy', label: m.browse_copy(), shortcut: 'Ctrl C', unavailable: cannotSend, run: () => hold({ sources, things, cut: false }, name) },
        { id: 'cut', label: m.browse_cut(), shortcut: 'Ctrl X', unavailable: cannotSend ?? lacks(abilities?.remove), run: () => hold({ sources, things, cut: true }, name) },
        { id: 'paste', label: m.browse_paste(), shortcut: 'Ctrl V', unavailable: nowhere ?? lacks(abilities?.write), run: () => void paste() },
      ],
    },
    {
      id: 'change',
      acts: [
        { id: 'new-folder', label: m.browse_new_folder(), shortcut: 'Ctrl Shift N', unavailable: nowhere ?? lacks(abilities?.createFolder), run: () => ask({ kind: 'new-folder' }) },
        { id: 'upload-files', label: m.browse_upload_files(), shortcut: 'Ctrl U', unavailable: nowhere ?? lacks(abilities?.write), run: () => upload('files') },
        { id: 'upload-folder', label: m.browse_upload_folder(), unavailable: nowhere ?? lacks(abilities?.write), run: () => upload('folder') },
        { id: 'rename', label: m.browse_rename(), shortcut: 'F2', unavailable: none ?? (entries.length > 1 ? m.browse_one_only() : unspelled) ?? lacks(abilities?.rename), run: () => only && setRenaming(only.path) },
        { id: 'fill', label: m.fill_act({ count: files.length, n: formatNumber(files.length, locale()) }), shown: abilities?.forms === true && files.length > 1, run: () => ask({ kind: 'fill', entries: files }) },
        { id: 'remove', label: m.browse_remove(), shortcut: 'Delete', bad: true, unavailable: none ?? unspelled ?? lacks(abilities?.remove), run: () => ask({ kind: 'remove', entries: usable }) },
      ],
    },
  ];

  return {
    parts,
    commands: parts.flatMap((part) =>
      part.acts.map((act): Command => ({ id: `browse.${act.id}`, title: act.label, run: act.run, enabled: act.unavailable === undefined && act.shown !== false, ...(act.shortcut ? { keys: act.shortcut } : {}) })),
    ),
    can: { makeFolder: abilities?.createFolder === true && !inResults, upload: abilities?.write === true && !inResults },
    asking,
    ask: (next) => {
      copying.reset();
      making.reset();
      ask(next);
    },
    reload,
    newFolder: () => ask({ kind: 'new-folder' }),
    upload,
    renaming,
    rename: (at, to) => {
      setRenaming(null);
      onChosen(at);
      if (to !== null) naming.mutate({ place: { connection, path: at }, name: to });
    },
    make: (folder) => making.mutate({ connection, path: joined(path, folder) }),
    making: { pending: making.isPending, error: making.error },
    copy: (draft) => {
      if (draft.thenDelete) hold(null);
      copying.mutate(draft);
    },
    copying: { pending: copying.isPending, error: copying.error },
    drag: (row, event) => {
      // What is chosen goes together; a row beside it goes alone.
      const chosen = entries.some((entry) => entry.path === row.entry.path) ? sendable : row.entry.addressable && row.entry.kind !== 'other' ? [row.entry] : [];
      if (chosen.length === 0 || abilities?.read !== true) return;
      startEntryDrag(event, chosen.length, (to) => {
        const own = chosen.some((entry) => entry.path === to.path) && to.connection === connection;
        if (!own && (inResults || !(to.connection === connection && to.path === path))) send(chosen.map((entry) => ({ connection, path: entry.path })), to, thingsOf(chosen));
      });
    },
  };
}
