// What stands beside the title of the place: how many entries the open folder has, and how many of them are chosen.
import { useEffect } from 'react';
import { Store, useStore } from '@/parts/store';

const headline = new Store('');

/** Says it as long as the folder is shown. */
export function useSaidInHeadline(text: string): void {
  useEffect(() => headline.set(text), [text]);
  useEffect(() => () => headline.set(''), []);
}

export function useHeadline(): string {
  return useStore(headline, (text) => text);
}
