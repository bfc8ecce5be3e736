// What tags may be, checked while they are typed; the desk checks them again.
export interface Tag {
  key: string;
  value: string;
}

export type TagProblem = { code: 'most' | 'key-missing' | 'key-long' | 'value-long' | 'twice' | 'reserved' | 'sign'; key: string };

const ALLOWED = /^[\p{L}\p{N} +\-=._:/@]*$/u;

/** The first thing that cannot be saved, or null. */
export function problemOfTags(tags: readonly Tag[], limits: { most: number; key: number; value: number }): TagProblem | null {
  if (tags.length > limits.most) return { code: 'most', key: '' };
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    if (key === '') return { code: 'key-missing', key };
    if ([...key].length > limits.key) return { code: 'key-long', key };
    if ([...value].length > limits.value) return { code: 'value-long', key };
    if (seen.has(key)) return { code: 'twice', key };
    if (key.toLowerCase().startsWith('aws:')) return { code: 'reserved', key };
    if (!ALLOWED.test(key) || !ALLOWED.test(value)) return { code: 'sign', key };
    seen.add(key);
  }
  return null;
}
