// What can be done with the chosen connections, for the menu under the pointer and at the end of the side.
import type { ConnectionFactsView, ConnectionView, ConnectorSpecView } from '@/ipc';
import type { MenuPart } from '@/kit/menu';
import { m } from '@/messages';
import { openExchanges, openSend, openTask } from '@/parts/open-dialog';
import { lacksPower } from './powers';

/** `spec` and `facts` are of the only one that is chosen. */
export function actsOn(
  picked: readonly ConnectionView[],
  spec: ConnectorSpecView | undefined,
  facts: ConnectionFactsView | undefined,
  test: () => void,
  browse: (id: string) => void,
): readonly MenuPart[] {
  const [first, ...others] = picked;
  if (!first) return [];
  const ids = picked.map((one) => one.id);
  const remove = { id: 'remove', label: m.remove_connection(), shortcut: 'Delete', bad: true, run: () => openTask({ kind: 'remove-connections', ids }) };
  if (others.length > 0)
    return [
      { id: 'use', acts: [{ id: 'test', label: m.test_now(), shortcut: 'T', run: test }] },
      { id: 'end', acts: [remove] },
    ];
  const { id, name } = first;
  const closed = lacksPower(facts, 'list') ? m.no_browse_here() : undefined;
  const full = lacksPower(facts, 'write') ? m.no_send_here() : undefined;
  return [
    {
      id: 'use',
      acts: [
        { id: 'browse', label: m.browse_connection(), shortcut: 'B', unavailable: closed, run: () => browse(id) },
        { id: 'test', label: m.test_now(), shortcut: 'T', run: test },
        { id: 'send', label: m.send_here(), shortcut: 'S', unavailable: full, run: () => openSend([], id) },
        // What is said by another protocol is not kept.
        ...(spec?.exchanges ? [{ id: 'said', label: m.said_open_one(), run: () => openExchanges(name) }] : []),
      ],
    },
    {
      id: 'change',
      acts: [
        { id: 'edit', label: m.key_edit(), shortcut: 'E', run: () => openTask({ kind: 'edit-connection', id }) },
        { id: 'rename', label: m.key_rename(), shortcut: 'F2', run: () => openTask({ kind: 'rename-connection', id }) },
        { id: 'duplicate', label: m.key_duplicate(), shortcut: 'D', run: () => openTask({ kind: 'duplicate-connection', id }) },
      ],
    },
    { id: 'end', acts: [remove] },
  ];
}
