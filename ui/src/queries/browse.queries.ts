import { queryOptions } from '@tanstack/react-query';
import { desk } from '@/ipc';
import { keys } from './keys';

/** What one may do on a connection; `null` is this computer. Changed settings may change it. */
export const abilities = (connection: string | null) =>
  queryOptions({ queryKey: keys.abilities(connection), queryFn: () => desk().browseAbilities(connection) });

export const homeFolder = queryOptions({ queryKey: keys.homeFolder, queryFn: () => desk().browseHome() });
