// What the desk is made of by others, from the list that script/licences writes. Fetched when somebody looks at it.
import { queryOptions } from '@tanstack/react-query';

export interface ThirdParty {
  name: string;
  version: string;
  /** As the package says it, an SPDX expression. */
  licence: string;
  address: string;
  kind: 'crate' | 'module';
  /** Which of the texts go along with it. */
  texts: number[];
}

interface ThirdParties {
  packages: ThirdParty[];
  texts: string[];
}

export const thirdParties = queryOptions({
  queryKey: ['third-parties'] as const,
  queryFn: async (): Promise<ThirdParties> => (await import('./third-party.json')).default as ThirdParties,
});

/** Those whose name or licence holds each word. */
export function findParties(packages: readonly ThirdParty[], typed: string): readonly ThirdParty[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return packages;
  return packages.filter(({ name, licence }) => words.every((word) => `${name} ${licence}`.toLowerCase().includes(word)));
}
