// The desk as a whole, and what this computer offers.
import type { AboutView, PickView } from '../bindings';

export interface DeskCalls {
  about(): Promise<AboutView>;
  openVault(passphrase: string): Promise<null>;
  pickPaths(pick: PickView): Promise<string[]>;
}
