import { commands } from '../bindings';
import type { DeskCalls } from '../ports/desk';
import { ask } from './ask';

export const deskCalls: DeskCalls = {
  about: () => ask(commands.deskAbout()),
  openVault: (passphrase) => ask(commands.vaultOpen(passphrase)),
  pickPaths: (pick) => ask(commands.pathsPick(pick)),
};
