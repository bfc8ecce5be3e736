import { Channel } from '@tauri-apps/api/core';
import { commands, type FolderBatchView, type PlaceView } from '../bindings';
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

export const browseCalls: BrowseCalls = {
  browseAbilities: (connection) => ask(commands.browseAbilities(connection)),
  browseHome: () => ask(commands.browseHome()),
  browseLook: (place) => ask(commands.browseLook(place)),
  browseFollow,
};
