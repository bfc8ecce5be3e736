import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk } from '@/ipc';
import { keys } from './keys';

/** How often it is asked again while it is looked at: nothing tells of it, because it belongs to no table. */
const AGAIN = 1000;

/** What was said with web services. It is kept nowhere once nobody looks. */
export const exchanges = queryOptions({ queryKey: keys.exchanges, queryFn: () => desk().exchanges(), refetchInterval: AGAIN, staleTime: 0, gcTime: 0 });

export const forgetExchanges = mutationOptions({ mutationFn: () => desk().forgetExchanges() });
