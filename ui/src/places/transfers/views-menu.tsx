import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Bookmark, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { NAMED } from '@/domain/transfer-filter';
import type { SavedViewView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { MenuButton } from '@/kit/menu';
import { undoToast } from '@/kit/toast';
import { describeError, m } from '@/messages';
import { useCommands } from '@/parts/commands';
import { tellError } from '@/parts/error-notice';
import { IpcFailure, toIpcError } from '@/ipc';
import type { PlaceSearch } from '@/parts/place';
import { forgetView, orderViews, savedViews, saveView } from '@/queries';
import tool from './tool-word.module.css';
import styles from './views-menu.module.css';

const PLACE = '/transfers';

function named(search: PlaceSearch): Record<string, string> {
  return Object.fromEntries(NAMED.flatMap((key) => (search[key] ? [[key, search[key]]] : [])));
}

function isSame(one: Record<string, string>, other: Record<string, string>): boolean {
  return NAMED.every((key) => (one[key] ?? '') === (other[key] ?? ''));
}

/** Filters under names: shown, saved, and put in order. */
export function ViewsMenu({ search, onShow }: { search: PlaceSearch; onShow: (search: PlaceSearch) => void }) {
  const views = (useQuery(savedViews).data ?? []).filter((view) => view.place === PLACE);
  const [open, setOpen] = useState<'save' | 'order' | null>(null);
  const now = named(search);
  const shown = views.find((view) => isSame(view.search, now));
  const plain = Object.keys(now).length === 0;
  useCommands(
    views.map((view) => ({ id: `transfers.view.${view.id}`, title: view.name, group: m.views(), run: () => onShow(view.search) })),
  );
  return (
    <>
      <MenuButton
        label={m.views()}
        trigger={
          <Button>
            <Bookmark aria-hidden size={15} />
            <span className={tool.word}>{shown ? shown.name : m.views()}</span>
          </Button>
        }
        parts={[
          ...(views.length > 0 ? [{ id: 'views', title: m.views(), acts: views.map((view) => ({ id: view.id, label: view.name, run: () => onShow(view.search) })) }] : []),
          {
            id: 'make',
            acts: [
              {
                id: 'save',
                label: m.view_save(),
                unavailable: plain ? m.view_nothing_to_save() : shown ? m.view_saved_already() : undefined,
                run: () => setOpen('save'),
              },
              ...(views.length > 0 ? [{ id: 'order', label: m.views_order(), run: () => setOpen('order') }] : []),
            ],
          },
        ]}
      />
      {open === 'save' ? <SaveView search={now} onClose={() => setOpen(null)} /> : null}
      {open === 'order' ? <OrderViews views={views} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function problemOf(reason: unknown): string {
  const error = reason instanceof IpcFailure ? reason.error : toIpcError(reason);
  return error.code === 'name-taken' ? m.view_name_taken() : describeError(error, m.views()).body;
}

function SaveView({ search, onClose }: { search: Record<string, string>; onClose: () => void }) {
  const [name, setName] = useState('');
  const saving = useMutation({ ...saveView, onSuccess: onClose });
  const save = () => saving.mutate({ id: null, place: PLACE, name, search });
  return (
    <Dialog
      title={m.view_save_title()}
      onClose={onClose}
      closeLabel={m.cancel()}
      actions={
        <>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={name.trim() === '' || saving.isPending} onPress={save}>
            {m.view_save_do()}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') save();
        }}
      >
        <TextField label={m.view_name()} value={name} onChange={setName} autoFocus help={m.view_name_help()} error={saving.error ? problemOf(saving.error) : undefined} />
      </form>
    </Dialog>
  );
}

function OrderViews({ views, onClose }: { views: readonly SavedViewView[]; onClose: () => void }) {
  const ordering = useMutation({ ...orderViews, onError: (reason) => tellError(reason, m.views()) });
  const forgetting = useMutation({ ...forgetView, onError: (reason) => tellError(reason, m.views()) });
  const saving = useMutation({ ...saveView, onError: (reason) => tellError(reason, m.views()) });
  function move(at: number, step: -1 | 1) {
    const ids = views.map((view) => view.id);
    const [id] = ids.splice(at, 1);
    if (id === undefined) return;
    ids.splice(at + step, 0, id);
    ordering.mutate(ids);
  }
  function forget(view: SavedViewView) {
    forgetting.mutate(view.id, {
      onSuccess: () => undoToast({ text: m.view_forgotten({ name: view.name }), undoLabel: m.undo(), undo: () => saving.mutate({ ...view, id: null }) }),
    });
  }
  return (
    <Dialog title={m.views_order_title()} onClose={onClose} closeLabel={m.close()} actions={<Button tone="go" onPress={onClose}>{m.views_order_done()}</Button>}>
      {views.length === 0 ? <p>{m.views_none()}</p> : null}
      <ul className={styles.list}>
        {views.map((view, at) => (
          <ViewLine key={view.id} view={view} first={at === 0} last={at === views.length - 1} onMove={(step) => move(at, step)} onForget={() => forget(view)} />
        ))}
      </ul>
    </Dialog>
  );
}

/** A view with its name to change: Alt with an arrow moves it, as everywhere. */
function ViewLine({ view, first, last, onMove, onForget }: { view: SavedViewView; first: boolean; last: boolean; onMove: (step: -1 | 1) => void; onForget: () => void }) {
  const [name, setName] = useState(view.name);
  const saving = useMutation(saveView);
  const keep = () => {
    if (name.trim() !== '' && name.trim() !== view.name) saving.mutate({ id: view.id, place: view.place, name, search: view.search });
  };
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') keep();
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
    if (!event.altKey || step === undefined || (step < 0 ? first : last)) return;
    event.preventDefault();
    onMove(step);
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of what is in it
    <li className={styles.line} onKeyDown={onKeyDown} onBlur={keep}>
      <TextField labelHidden label={m.view_name()} value={name} onChange={setName} error={saving.error ? problemOf(saving.error) : undefined} />
      <IconButton label={m.view_up({ name: view.name })} isDisabled={first} onPress={() => onMove(-1)}>
        <ArrowUp aria-hidden size={15} />
      </IconButton>
      <IconButton label={m.view_down({ name: view.name })} isDisabled={last} onPress={() => onMove(1)}>
        <ArrowDown aria-hidden size={15} />
      </IconButton>
      <IconButton label={m.view_forget({ name: view.name })} onPress={onForget}>
        <Trash2 aria-hidden size={15} />
      </IconButton>
    </li>
  );
}
