import { convertFileSrc } from '@tauri-apps/api/core';
import { commands } from '../bindings';
import { IpcFailure } from '../failure';
import type { EntryCalls } from '../ports/entry';
import { ask } from './ask';

/** Answered by the shell for what is looked at now, and for nothing else. */
const previewAddress = (token: string) => convertFileSrc(token, 'preview');

async function previewBytes(token: string): Promise<Uint8Array> {
  const answer = await fetch(previewAddress(token)).catch((reason: unknown) => {
    throw new IpcFailure({ code: 'internal', message: String(reason) });
  });
  if (!answer.ok) throw new IpcFailure({ code: 'not-now', message: 'something else is looked at by now' });
  return new Uint8Array(await answer.arrayBuffer());
}

export const entryCalls: EntryCalls = {
  entryDetails: (place, version) => ask(commands.entryDetails(place, version)),
  preview: (place, seen, ticket) => ask(commands.entryPreview(place, seen, ticket)),
  closePreview: (ticket) => ask(commands.entryPreviewClose(ticket)),
  previewAddress,
  previewBytes,
  entryVersions: (place) => ask(commands.entryVersions(place)),
  restoreVersion: (place, id) => ask(commands.entryVersionRestore(place, id)),
  takeBackVersion: (place, made) => ask(commands.entryVersionTakeBack(place, made)),
  deleteVersion: (place, id) => ask(commands.entryVersionDelete(place, id)),
  downloadVersion: (place, version, folder, title) => ask(commands.entryVersionDownload(place, version, folder, title)),
  saveTags: (place, seen, wanted) => ask(commands.entryTagsSave(place, seen, wanted)),
  setRetention: (place, mode, until) => ask(commands.entryRetentionSet(place, mode, until)),
  setLegalHold: (place, on) => ask(commands.entryHoldSet(place, on)),
  forms: (connection) => ask(commands.formsList(connection)),
  formsExpected: (folder) => ask(commands.formsExpected(folder)),
  entryForms: (place) => ask(commands.entryForms(place)),
  fillForm: (place, form) => ask(commands.entryFill(place, form)),
  takeOffForm: (place, form) => ask(commands.entryTakeOffForm(place, form)),
  makeLink: (place, seconds) => ask(commands.entryLink(place, seconds)),
  unfinishedUploads: (folder) => ask(commands.uploadsUnfinished(folder)),
  abortUpload: (folder, upload) => ask(commands.uploadsAbort(folder, upload)),
};
