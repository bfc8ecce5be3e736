import { Channel } from '@tauri-apps/api/core';
import { commands, type FolderBatchView, type IpcError, type LossView, type PlaceView, type RemovalView } from '../bindings';
import { toIpcError } from '../failure';
import type { Unsubscribe } from '../port';
import type { BrowseCalls } from '../ports/browse';
import { ask } from './ask';

function browseFollow(place: PlaceView, tell: (batch: FolderBatchView) => void): Unsubscribe {
  const channel = new Channel<FolderBatchView>();
  let left = false;
  const begun = ask(commands.browseFollow(place, channel));
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a channel has this one listener
  channel.onmessage = (batch) => {
    if (left) return;
    tell(batch);
    // The desk sends a few batches ahead, and goes on when one was taken in.
    if (!batch.over) void begun.then((listing) => ask(commands.browseHeard(listing))).catch(() => {});
  };
  begun.catch((reason: unknown) => {
    if (!left) tell({ entries: [], over: true, error: toIpcError(reason) });
  });
  return () => {
    left = true;
    void begun.then((listing) => ask(commands.browseLeave(listing))).catch(() => {});
  };
}

/** A long work: it is told how far it is, and stopped by what is returned. */
function work<T>(start: (channel: Channel<T>) => Parameters<typeof ask<number>>[0], tell: (told: T) => void, refused: (error: IpcError) => T): Unsubscribe {
  const channel = new Channel<T>();
  let stopped = false;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a channel has this one listener
  channel.onmessage = (told) => {
    if (!stopped) tell(told);
  };
  const begun = ask(start(channel));
  begun.catch((reason: unknown) => {
    if (!stopped) tell(refused(toIpcError(reason)));
  });
  return () => {
    stopped = true;
    void begun.then((id) => ask(commands.browseStop(id))).catch(() => {});
  };
}

export const browseCalls: BrowseCalls = {
  browseAbilities: (connection) => ask(commands.browseAbilities(connection)),
  browseHome: () => ask(commands.browseHome()),
  browseLook: (place) => ask(commands.browseLook(place)),
  browseFollow,
  browseSearch: (query, cursor) => ask(commands.browseSearch(query, cursor)),
  browseMakeFolder: (place) => ask(commands.browseMakeFolder(place)),
  browseRename: (place, name) => ask(commands.browseRename(place, name)),
  browseCopy: (draft) => ask(commands.browseCopy(draft)),
  browseCountLoss: (connection, entries, tell) =>
    work<LossView>(
      (channel) => commands.browseCountLoss(connection, entries, channel),
      tell,
      (error) => ({ files: 0, folders: 0, bytes: 0, others: 0, unknown: 0, over: true, error }),
    ),
  browseRemove: (connection, entries, tell) =>
    work<RemovalView>(
      (channel) => commands.browseRemove(connection, entries, channel),
      tell,
      (error) => ({ files: 0, folders: 0, failed: 0, failures: [], over: true, error }),
    ),
};
