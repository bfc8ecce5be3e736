import { commands } from '../bindings';
import type { ImportCalls } from '../ports/imports';
import { ask } from './ask';

export const importCalls: ImportCalls = {
  importOffers: () => ask(commands.importsOffers()),
  lookAtImport: (source, file) => ask(commands.importsLook(source, file)),
  addImported: (source, file, digest, picks) => ask(commands.importsAdd(source, file, digest, picks)),
};
