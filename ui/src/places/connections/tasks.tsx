import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { writtenDay } from '@/domain/expiry';
import { freeName, stateOf } from '@/domain/form';
import { inWords } from '@/messages';
import { closeTask, useOpenTask } from '@/parts/open-dialog';
import { connections as connectionsQuery, connectorSpecs } from '@/queries';
import { AddDialog } from './add-dialog';
import { EditDialog, RenameDialog } from './edit-dialog';
import { ImportDialog } from './import-dialog';
import { RemoveDialog } from './remove-dialog';

/** What is done with connections step by step, from any place of the window. */
export function ConnectionTasks() {
  const task = useOpenTask();
  return task ? <Task /> : null;
}

function Task() {
  const task = useOpenTask();
  const navigate = useNavigate();
  const specs = useQuery(connectorSpecs).data?.map(inWords);
  const list = useQuery(connectionsQuery).data;
  if (!task || !specs || !list) return null;
  const show = (id: string | null) => {
    closeTask();
    if (id !== null) void navigate({ to: '/connections', search: { chosen: id } });
  };
  if (task.kind === 'add-connection') return <AddDialog specs={specs} onClose={show} />;
  if (task.kind === 'import') return <ImportDialog specs={specs} onClose={closeTask} />;
  if (task.kind === 'remove-connections') {
    const doomed = list.filter((one) => task.ids.includes(one.id));
    return doomed.length === 0 ? (
      <Gone />
    ) : (
      <RemoveDialog
        connections={doomed}
        onClose={(removed) => {
          closeTask();
          if (removed) void navigate({ to: '/connections', search: {}, replace: true });
        }}
      />
    );
  }
  const connection = list.find((one) => one.id === task.id);
  const spec = specs.find((one) => one.kind === connection?.kind);
  if (!connection || !spec) return <Gone />;
  switch (task.kind) {
    case 'edit-connection':
      return <EditDialog key={connection.id} connection={connection} spec={spec} onClose={closeTask} />;
    case 'rename-connection':
      return <RenameDialog key={connection.id} connection={connection} onClose={closeTask} />;
    case 'duplicate-connection': {
      const name = freeName(connection.name, list.map((one) => one.name));
      const state = { ...stateOf(connection, writtenDay(connection.secretExpiresAt)), name, fates: {} };
      return <AddDialog key={connection.id} specs={specs} like={{ connection, state }} onClose={show} />;
    }
  }
}

/** Somebody removed it meanwhile: there is nothing to fill in any more. */
function Gone() {
  useEffect(closeTask, []);
  return null;
}
