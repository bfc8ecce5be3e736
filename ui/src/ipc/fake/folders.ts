// What lies in the folders of the fake desk: believable names, and those that nobody likes.
import type { EntryView } from '../bindings';

/** Entries by the folder that holds them. */
export type FakeTree = Map<string, EntryView[]>;

const DAY = 86_400_000;

export function fakeEntry(folder: string, name: string, change: Partial<EntryView> = {}): EntryView {
  const path = folder === '/' ? `/${name}` : `${folder}/${name}`;
  return { path, name, kind: 'file', size: 0, modified: null, version: null, addressable: true, link: false, facts: [], ...change };
}

type Leaf = [name: string, size: number, days: number];
type Branch = { [folder: string]: readonly (Leaf | Branch)[] };

function grow(tree: FakeTree, folder: string, content: readonly (Leaf | Branch)[], now: number, versions: boolean): void {
  const entries: EntryView[] = [];
  for (const one of content) {
    if (Array.isArray(one)) {
      const [name, size, days] = one as Leaf;
      entries.push(fakeEntry(folder, name, { size, modified: now - days * DAY, version: versions ? `v-${name.length}-${size}` : null }));
    } else {
      for (const [name, below] of Object.entries(one)) {
        const made = fakeEntry(folder, name, { kind: 'folder', modified: versions ? null : now - 3 * DAY });
        entries.push(made);
        grow(tree, made.path, below as readonly (Leaf | Branch)[], now, versions);
      }
    }
  }
  tree.set(folder, entries);
}

const MATTER: readonly (Leaf | Branch)[] = [
  { Correspondence: [['2027-01-11 Letter to the court.pdf', 184_220, 12], ['2027-01-14 Reply.pdf', 96_418, 9]] },
  { Exhibits: [['Exhibit 1.pdf', 2_410_882, 30], ['Exhibit 2.pdf', 1_882_004, 30], ['Exhibit 10.pdf', 8_120_993, 28], ['Site camera 04.mov', 4_700_000_000, 27]] },
  ['Claim.pdf', 1_204_118, 40],
  ['Index of documents.csv', 18_204, 4],
  ['Notes.md', 4120, 1],
  ['Power of attorney.pdf', 302_771, 38],
];

const HOSTILE: readonly (Leaf | Branch)[] = [
  ['Invoice \u202Efdp.exe', 81_220, 3],
  ['two\nlines.txt', 41, 3],
  [`${'long name '.repeat(25).trim()}.pdf`, 1_220_004, 3],
  ['عقد التوريد.pdf', 220_118, 3],
];

export function fakeTree(kind: string, now: number): FakeTree {
  const tree: FakeTree = new Map();
  const content: Record<string, readonly (Leaf | Branch)[]> = {
    here: [{ home: [{ records: [{ Documents: [{ 'Matter 2291': MATTER }, { Names: HOSTILE }, ['Price list 2027 Q1.pdf', 611_204, 2]] }, { Downloads: [['Terms.pdf', 92_118, 1]] }] }] }],
    s3: [{ intake: [['scan-0001.pdf', 188_114, 1], ['scan-0002.pdf', 190_338, 1]] }, { 'matter-2291': MATTER }, { names: HOSTILE }, { empty: [] }, ['README.txt', 1204, 90]],
    sftp: [{ in: [['order-77120.xml', 8120, 0], ['order-77121.xml', 9004, 0]] }, { out: [{ done: [] }] }, ['welcome.txt', 311, 400]],
    folder: [{ 2026: [['Annual report.pdf', 4_118_220, 320]] }, { 2027: MATTER }],
  };
  grow(tree, '/', content[kind] ?? [], now, kind === 's3');
  const names = tree.get('/names');
  if (names) {
    names.push(fakeEntry('/names', 'caf\uFFFD.txt', { size: 12, addressable: false }));
    names.push(fakeEntry('/names', 'printer.socket', { kind: 'other' }));
  }
  return tree;
}

/** A folder with very many files. */
export function crowd(folder: string, count: number, now: number): EntryView[] {
  return Array.from({ length: count }, (_, at) =>
    fakeEntry(folder, `page-${String(at + 1).padStart(6, '0')}.tif`, { size: 40_000 + ((at * 7919) % 900_000), modified: now - (at % 400) * DAY }),
  );
}
