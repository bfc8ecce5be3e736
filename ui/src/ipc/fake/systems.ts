// Systems of vendors on the fake desk: a library of pictures and a repository of records, with columns, filters and forms of their own.
import type { AbilitiesView, EntryView, SaidView } from '../bindings';
import { busyDay, connection, type FakeData } from './data';
import { fakeEntry, type FakeTree } from './folders';

const DAY = 86_400_000;

/** A busy day with a library and a repository among the connections. */
export function systemsDay(now: number): FakeData {
  const day = busyDay(now);
  return {
    ...day,
    connections: [
      ...day.connections,
      connection('c-library', 'brand-library', 'canto', [['site', 'north.canto.example']], { lastGoodAt: now, latencyMs: 61 }),
      connection('c-records', 'records', 'xecm', [['url', 'https://records.north.example']], { lastGoodAt: now, latencyMs: 84 }),
      connection('c-tasks', 'north-tasks', 'workflow', [['base_url', 'https://us.api.opentext.com'], ['tenant', '0f4e7c1a-33b2-4c0e-9d55-6f0a7b1c2d3e'], ['client_id', 'desk-7c2'], ['user', 'ada@north.example']], { lastGoodAt: now, latencyMs: 112 }),
    ],
  };
}

const title = (code: string, text: string): SaidView => ({ code, parameters: [], text });

/** What one may do there, on top of what `all` says. */
export function systemAbilities(all: AbilitiesView): Record<string, AbilitiesView> {
  return {
    canto: {
      ...all,
      forms: true,
      columns: [
        { key: 'status', title: title('column-status', 'Status') },
        { key: 'rights', title: title('column-rights-until', 'Rights until') },
      ],
      search: [
        {
          key: 'status',
          title: title('column-approval', 'Approval'),
          help: null,
          kind: {
            is: 'choice',
            choices: [
              { value: 'approved', title: title('approved', 'Approved') },
              { value: 'pending', title: title('pending', 'Pending') },
              { value: 'restricted', title: title('restricted', 'Restricted') },
              { value: 'expired', title: title('expired', 'Expired') },
            ],
          },
        },
        { key: 'lastModified', title: title('filter-changed', 'Changed'), help: null, kind: { is: 'days' } },
        { key: 'tags', title: title('filter-tags', 'Tags'), help: null, kind: { is: 'text' } },
        { key: 'keyword', title: title('filter-keywords', 'Keywords'), help: null, kind: { is: 'text' } },
        { key: 'owner', title: title('filter-owner', 'Uploaded by'), help: null, kind: { is: 'text' } },
        { key: 'exactMatch', title: title('filter-exact', 'The text as a whole'), help: null, kind: { is: 'flag' } },
        { key: 'tagsLiteral', title: title('filter-whole-tags', 'Whole tags'), help: title('filter-divided', 'several are divided by |'), kind: { is: 'text' } },
        { key: 'fileSize', title: title('filter-bytes', 'Size in bytes'), help: null, kind: { is: 'span' } },
      ],
    },
    workflow: { ...all, read: false, write: false, createFolder: false, rename: false, remove: false },
    xecm: {
      ...all,
      kept: title('to-recycle-bin', 'It goes to the recycle bin of the server with all its versions, and can be restored there until the bin is emptied.'),
      versions: true,
      forms: true,
      columns: [
        { key: 'categories', title: title('column-categories', 'Categories') },
        { key: 'reserved', title: title('column-reserved-by', 'Reserved by') },
      ],
      search: [
        { key: 'categories', title: title('column-categories', 'Categories'), help: null, kind: { is: 'text' } },
        { key: 'changed-from', title: title('filter-changed-from', 'Changed on or after'), help: null, kind: { is: 'day' } },
        { key: 'media-type', title: title('filter-media', 'Media type'), help: title('filter-media-help', 'such as application/pdf'), kind: { is: 'text' } },
      ],
    },
  };
}

type Leaf = [name: string, size: number, days: number, facts?: Record<string, string>];
type Branch = { [folder: string]: readonly (Leaf | Branch)[] };

const LIBRARY: readonly (Leaf | Branch)[] = [
  { 'Brand 2027': [
    ['Key visual, harbour at dawn.tif', 184_220_114, 2, { status: 'Approved', rights: '2027-06-30T22:00:00Z' }],
    ['Key visual, harbour at night.tif', 191_004_220, 2, { status: 'Pending' }],
    ['Logo 1.svg', 18_204, 400, { status: 'Approved' }],
    ['Logo 2.svg', 18_960, 400, { status: 'Approved' }],
    ['Portrait Dr. Ada Vogel.jpg', 8_120_993, 21, { status: 'Restricted', rights: '2026-12-31T23:00:00Z' }],
    ['Price list cover.psd', 96_418_000, 9, { status: 'Pending', rights: '2027-03-31T22:00:00Z' }],
    ['Trade fair 2024, crowd.jpg', 6_220_118, 900, { status: 'Expired', rights: '2025-11-30T23:00:00Z' }],
  ] },
  { Products: [
    { Pumps: [['Pump P-200, cut away.tif', 88_204_118, 60, { status: 'Approved', rights: '2029-12-31T23:00:00Z' }], ['Pump P-200, harbour site.jpg', 7_204_118, 61, { status: 'Approved' }]] },
    ['Valve V-12.jpg', 4_204_118, 80, { status: 'Approved' }],
  ] },
];

const RECORDS: readonly (Leaf | Branch)[] = [
  { Contracts: [
    { Drafts: [['Supply agreement Orbis, draft 4.docx', 91_118, 1, { reserved: 'j.lindqvist' }]] },
    ['Framework agreement Lumen.pdf', 1_204_118, 40, { categories: 'Contract, Retention' }],
    ['Lease Rotterdam warehouse.pdf', 2_410_882, 300, { categories: 'Contract' }],
    ['Non-disclosure agreement ACME.pdf', 302_771, 12, { categories: 'Contract' }],
    ['Supply agreement Orbis.docx', 88_204, 3, { categories: 'Contract', reserved: 'm.okafor' }],
  ] },
  { Personnel: [['Works council agreement 2026.pdf', 611_204, 200, { categories: 'Retention' }]] },
  ['Filing plan.xlsx', 48_204, 90],
];

/** The folders of such a system; `null` for every other kind. */
export function systemTree(kind: string, now: number): FakeTree | null {
  const content = { canto: LIBRARY, xecm: RECORDS }[kind];
  if (!content) return null;
  const tree: FakeTree = new Map();
  const grow = (folder: string, all: readonly (Leaf | Branch)[]) => {
    const entries: EntryView[] = [];
    for (const one of all) {
      if (Array.isArray(one)) {
        const [name, size, days, facts = {}] = one as Leaf;
        entries.push(fakeEntry(folder, name, { size, modified: now - days * DAY, facts: Object.entries(facts).map(([key, value]) => ({ key, value })) }));
      } else {
        for (const [name, below] of Object.entries(one)) {
          const made = fakeEntry(folder, name, { kind: 'folder', modified: now - 3 * DAY });
          entries.push(made);
          grow(made.path, below as readonly (Leaf | Branch)[]);
        }
      }
    }
    tree.set(folder, entries);
  };
  grow('/', content);
  return tree;
}
