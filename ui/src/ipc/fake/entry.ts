// The chosen entry of the fake desk: versions, tags, records, and files to look at, hostile ones too.
import type {
  EntryDetailsView, EntryView, LinkView, PairView, PlaceView, PreviewView, RetentionModeView, RetentionView, StampView, UnfinishedView, VersionView,
} from '../bindings';
import type { EntryCalls, FormCalls } from '../ports/entry';
import type { FakeFolders } from './browse';
import { type FakeCore, refuse } from './core';
import { HOSTILE, pdfOf, picture } from './files';

const DAY = 86_400_000;
/** The mark that hides a deleted file. */
const MARK = 'v:deleted';

interface Kept {
  versions: VersionView[];
  tags: PairView[];
  retention: RetentionView | null;
  hold: boolean;
}

const MARKDOWN = `# Notes on matter 2291

Hearing on **12 March**, room 4. See the [court's page](https://court.example) and \`Claim.pdf\`.

- [x] Power of attorney
- [ ] Statement of the witness

| Exhibit | Pages |
| --- | ---: |
| 1 | 12 |
| 2 | 4 |
`;

export class FakeEntries implements Omit<EntryCalls, keyof FormCalls> {
  readonly #core: FakeCore;
  readonly #folders: FakeFolders;
  readonly #kept = new Map<string, Kept>();
  readonly #held = new Map<string, { type: string; bytes: Uint8Array }>();
  /** What a look finds, by the last name of a path. */
  readonly contents = new Map<string, PreviewView | { type: string; bytes: Uint8Array }>();
  readonly downloads: { place: PlaceView; version: VersionView; folder: PlaceView }[] = [];
  uploads: UnfinishedView[] = [];
  /** Looks that nobody has ended. */
  readonly open = new Set<string>();
  #fresh = 0;

  constructor(core: FakeCore, folders: FakeFolders) {
    this.#core = core;
    this.#folders = folders;
    const now = Date.now();
    const upload = (path: string, id: string, ago: number, bytes: number | null, ours: boolean): UnfinishedView => ({ path, id, started: now - ago, bytes, ours });
    this.uploads = [
      upload('/matter-2291/media/Site camera 02.mov', 'u-1', 41 * DAY, 1_288_490_188, false),
      upload('/matter-2291/media/Site camera 04.mov', 'u-2', 1_800_000, 2_919_235_584, true),
      upload('/intake/scan-0099.pdf', 'u-3', 3 * DAY, null, false),
    ];
  }

  #look(place: PlaceView): EntryView {
    const folder = place.path.slice(0, place.path.lastIndexOf('/')) || '/';
    const found = this.#folders.tree(place.connection).get(folder)?.find((one) => one.path === place.path);
    return found ?? this.#folders.marked.get(`${place.connection ?? ''}:${place.path}`) ?? refuse({ code: 'remote', failure: { kind: 'not-found', side: 'source', message: `${place.path}: nothing is there any more`, code: 'NoSuchKey' } });
  }

  of(place: PlaceView): Kept {
    const key = `${place.connection ?? ''}:${place.path}`;
    const known = this.#kept.get(key);
    if (known) return known;
    const { size, modified } = this.#look(place);
    const at = modified ?? Date.now();
    const kept: Kept = {
      versions: [
        { id: 'v:3HL4kqtJlcpXroDTDmJ', number: null, size, modified: at, latest: true, deleted: false },
        { id: 'v:UIORUnfndfiufdisojhr', number: null, size: 0, modified: at - 2 * DAY, latest: false, deleted: true },
        { id: 'v:QUpfdndhfd8438MNFDN9', number: null, size: Math.round(size * 0.92), modified: at - 3 * DAY, latest: false, deleted: false },
        { id: 'v:4Hh2Xf9rXmyDCTZ5iJXa', number: null, size: Math.round(size * 0.7), modified: at - 30 * DAY, latest: false, deleted: false },
      ],
      tags: [{ key: 'matter', value: '2291' }, { key: 'side', value: 'claimant' }],
      retention: null,
      hold: false,
    };
    this.#kept.set(key, kept);
    return kept;
  }

  entryDetails = async (place: PlaceView): Promise<EntryDetailsView> => {
    this.#core.check('entryDetails');
    const entry = this.#look(place);
    const tagLimits = { most: 10, key: 128, value: 256 };
    if (this.#folders.kindOf(place.connection) !== 's3' || entry.kind !== 'file')
      return { entry, metadata: null, metadataHidden: null, records: null, tagLimits };
    const { tags, retention, hold } = this.of(place);
    return {
      entry,
      metadata: {
        metadata: [{ key: 'waybill-sha256', value: '9f2c41aa07be5d8cf1e2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8' }],
        tags: [...tags], tagsHidden: false, contentType: 'application/pdf', storageClass: 'STANDARD', encryption: 'aws:kms', encryptionKey: 'alias/evidence',
      },
      metadataHidden: null,
      records: { retention, retentionHidden: null, legalHold: hold, holdHidden: null },
      tagLimits,
    };
  };

  preview = async (place: PlaceView, _seen: StampView, ticket: string): Promise<PreviewView> => {
    this.#core.check('preview');
    this.open.add(ticket);
    const name = place.path.slice(place.path.lastIndexOf('/') + 1);
    const own = this.contents.get(name) ?? contentOf(name, this.#look(place).size);
    // A library of pictures draws what the window does not.
    const drawn = 'kind' in own && own.kind === 'binary' && this.#folders.kindOf(place.connection) === 'canto';
    const found = drawn ? { type: 'image/svg+xml', bytes: picture() } : own;
    if ('kind' in found) return found;
    const token = `p-${(this.#fresh += 1)}`;
    this.#held.set(token, found);
    return { kind: found.type === 'application/pdf' ? 'pdf' : drawn ? 'drawn' : 'picture', token };
  };

  closePreview = async (ticket: string) => {
    this.open.delete(ticket);
    return null;
  };

  previewAddress = (token: string): string => {
    const { type, bytes } = this.#held.get(token) ?? refuse({ code: 'not-now', message: 'nobody looks at that' });
    let binary = '';
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return `data:${type};base64,${btoa(binary)}`;
  };

  previewBytes = async (token: string): Promise<Uint8Array> =>
    new Uint8Array((this.#held.get(token) ?? refuse({ code: 'not-now', message: 'nobody looks at that' })).bytes);

  entryVersions = async (place: PlaceView): Promise<VersionView[]> => {
    this.#core.check('entryVersions');
    const versions = this.of(place).versions.map((one) => ({ ...one }));
    if (!this.#folders.marked.has(`${place.connection ?? ''}:${place.path}`)) return versions;
    return [{ id: MARK, number: null, size: 0, modified: Date.now(), latest: true, deleted: true }, ...versions.map((one) => ({ ...one, latest: false }))];
  };

  restoreVersion = async (place: PlaceView, id: string): Promise<string> => {
    this.#core.check('restoreVersion');
    const kept = this.of(place);
    const from = kept.versions.find((one) => one.id === id) ?? refuse({ code: 'not-here', what: id });
    const made = { ...from, id: `v:new-${(this.#fresh += 1)}`, modified: Date.now(), latest: true };
    kept.versions = [made, ...kept.versions.map((one) => ({ ...one, latest: false }))];
    return made.id;
  };

  takeBackVersion = async (place: PlaceView, made: string) => this.deleteVersion(place, made);

  deleteVersion = async (place: PlaceView, id: string) => {
    this.#core.check('deleteVersion');
    if (id === MARK) this.#folders.unmark(place);
    const kept = this.of(place);
    kept.versions = kept.versions.filter((one) => one.id !== id).map((one, at) => ({ ...one, latest: at === 0 }));
    return null;
  };

  downloadVersion = async (place: PlaceView, version: VersionView, folder: PlaceView) => {
    this.#core.check('downloadVersion');
    this.downloads.push({ place, version, folder });
    return `r-version-${(this.#fresh += 1)}`;
  };

  saveTags = async (place: PlaceView, seen: PairView[], wanted: PairView[]) => {
    this.#core.check('saveTags');
    const kept = this.of(place);
    const inOrder = (pairs: PairView[]) => JSON.stringify([...pairs].sort((a, b) => a.key.localeCompare(b.key)));
    if (inOrder(seen) !== inOrder(kept.tags)) return { conflict: [...kept.tags] };
    kept.tags = wanted;
    return { conflict: null };
  };

  setRetention = async (place: PlaceView, mode: RetentionModeView, until: number) => {
    this.#core.check('setRetention');
    this.of(place).retention = { mode, until };
    return null;
  };

  setLegalHold = async (place: PlaceView, on: boolean) => {
    this.#core.check('setLegalHold');
    this.of(place).hold = on;
    return null;
  };

  makeLink = async (place: PlaceView, seconds: number): Promise<LinkView> => {
    this.#core.check('makeLink');
    const url = `https://evidence-eu.s3.example${encodeURI(place.path)}?X-Amz-Expires=${seconds}&X-Amz-Signature=0f1e2d3c4b5a69788796a5b4c3d2e1f0`;
    return { url, until: Date.now() + seconds * 1000 };
  };

  unfinishedUploads = async (folder: PlaceView): Promise<UnfinishedView[]> => {
    this.#core.check('unfinishedUploads');
    const below = folder.path === '/' ? '/' : `${folder.path}/`;
    return this.uploads.filter((one) => one.path.startsWith(below)).map((one) => ({ ...one }));
  };

  abortUpload = async (_folder: PlaceView, upload: UnfinishedView) => {
    this.#core.check('abortUpload');
    this.uploads = this.uploads.filter((one) => one.id !== upload.id);
    return null;
  };
}

function text(body: string, form: 'plain' | 'table' | 'markdown' | 'page', size?: number): PreviewView {
  return { kind: 'text', text: body, encoding: 'UTF-8', guessed: false, form, read: size ?? body.length };
}

function contentOf(name: string, size: number): PreviewView | { type: string; bytes: Uint8Array } {
  const hostile = HOSTILE[name];
  if (hostile) return hostile;
  if (size === 0) return { kind: 'empty' };
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (ending === 'pdf') return { type: 'application/pdf', bytes: pdfOf(['Statement of work 12', 'Between Harbour Line plc and Northwind Studio GmbH', '', 'Payment is due 45 days after the invoice.'], 3) };
  if (ending === 'png' || ending === 'jpg') return { type: 'image/svg+xml', bytes: picture() };
  if (ending === 'csv') return text(`Number;Document;Date;Pages\n${Array.from({ length: 400 }, (_, at) => `${at + 1};"Exhibit ${at + 1}; certified";2027-01-${String((at % 28) + 1).padStart(2, '0')};${(at * 7) % 90}`).join('\n')}\n`, 'table');
  if (ending === 'md') return text(MARKDOWN, 'markdown', size);
  if (ending === 'txt' || ending === 'xml') return text('Read me first.\n\nEverything in this folder belongs to matter 2291.\n', 'plain');
  if (ending === 'mov') return { kind: 'binary' };
  return { kind: 'binary' };
}
