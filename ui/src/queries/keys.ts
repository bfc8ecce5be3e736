// The names under which answers are kept, by the topic that makes them stale.
import type { BlockDraft, GroupKeyView, PaceView, PlaceView, PlanFilterView, SearchDraftView, TopicView, TransferFilterView } from '@/ipc';

export const keys = {
  about: ['about'] as const,
  transfers: ['transfers'] as const,
  transferCounts: ['transfers', 'counts'] as const,
  history: ['history'] as const,
  transferPages: (filter: TransferFilterView) => ['history', 'pages', filter] as const,
  runPages: (pace: PaceView | null) => ['transfers', 'run-pages', pace] as const,
  oneRun: (id: string) => ['runs', 'one', id] as const,
  transferBlocks: (pace: PaceView | null, wanted: readonly BlockDraft[]) => ['transfers', 'blocks', pace, wanted] as const,
  runEnds: (runs: readonly string[]) => ['runs', 'ends', runs] as const,
  someTransfers: (ids: readonly string[]) => ['transfers', 'some', ids] as const,
  foundTransfers: (text: string) => ['transfers', 'found', text] as const,
  transferDetails: (id: string) => ['transfers', 'details', id] as const,
  runs: ['runs'] as const,
  specs: ['specs'] as const,
  connections: ['connections'] as const,
  connectionFacts: (id: string) => ['connection-facts', id] as const,
  mapPreview: (kind: string, map: string, sample: string) => ['map-preview', kind, map, sample] as const,
  connectionUses: (id: string) => ['connection-uses', id] as const,
  importOffers: ['import', 'offers'] as const,
  importLook: (source: string, file: string | null) => ['import', 'look', source, file] as const,
  attention: ['attention'] as const,
  views: ['views'] as const,
  attentionOne: (id: string) => ['attention', 'one', id] as const,
  needs: ['needs'] as const,
  heldRuns: ['held-runs'] as const,
  attentionPages: (group: GroupKeyView) => ['attention', 'pages', group] as const,
  today: ['today'] as const,
  demo: ['demo'] as const,
  settings: ['settings'] as const,
  limitNow: ['settings', 'limit-now'] as const,
  vaults: ['vaults'] as const,
  dataPlace: ['data-place'] as const,
  /** Under the connections: what changes them may change what one may do there. */
  abilities: (connection: string | null) => ['connections', 'abilities', connection ?? ''] as const,
  homeFolder: ['home-folder'] as const,
  entryDetails: (place: PlaceView) => ['entry', 'details', place] as const,
  /** Under the connections: what changes them may change what forms there are. */
  forms: (connection: string) => ['connections', 'forms', connection] as const,
  formsExpected: (folder: PlaceView) => ['forms-expected', folder.connection, folder.path] as const,
  entryForms: (place: PlaceView) => ['entry', 'forms', place] as const,
  search: (query: SearchDraftView) => ['search', query] as const,
  entryVersions: (place: PlaceView) => ['entry', 'versions', place] as const,
  plan: (id: string) => ['plan', id, 'look'] as const,
  planRows: (id: string, filter: PlanFilterView) => ['plan', id, 'rows', filter] as const,
  measured: (paths: readonly string[]) => ['measured', ...paths] as const,
  exchanges: ['exchanges'] as const,
  shell: ['shell'] as const,
};

/** What a topic makes stale. A waiting count stands on a connection's card, so transfers touch connections too. */
export const STALE: Record<TopicView, readonly (readonly string[])[]> = {
  transfers: [keys.transfers, keys.history, keys.runs, keys.connections, keys.today, keys.needs],
  // A run is there before its first file was counted.
  runs: [keys.runs, ['transfers', 'run-pages'], keys.today, keys.needs, keys.heldRuns],
  connections: [keys.connections, ['connection-facts'], keys.today, keys.demo, keys.needs],
  attention: [keys.attention, keys.connections, keys.today, keys.needs, keys.heldRuns],
  // The operator stands in what the desk says about itself.
  settings: [keys.settings, keys.about, keys.vaults],
  views: [keys.views],
};
