// Every scene: name, address, what is done before the picture is taken, and the size of the window if it is not the usual one.
import { browse } from './browse.mjs';
import { browseEntry } from './browse-entry.mjs';
import { browseSystems } from './browse-systems.mjs';
import { connections } from './connections.mjs';
import { exchanges } from './exchanges.mjs';
import { fieldMap } from './field-map.mjs';
import { gallery } from './gallery.mjs';
import { metadata } from './metadata.mjs';
import { settings } from './settings.mjs';
import { signIn } from './sign-in.mjs';
import { system } from './system.mjs';
import { today } from './today.mjs';
import { transfers } from './transfers.mjs';
import { overlays } from './window.mjs';

export const scenes = [...today, ...transfers, ...browse, ...browseEntry, ...browseSystems, ...metadata, ...connections, ...fieldMap, ...signIn, ...settings, ...exchanges, ...overlays, ...system, ...gallery];
