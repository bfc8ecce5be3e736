// What is known of one transfer, to take along: the same whatever language the window speaks, times in UTC.
import type { AttributeValueView, EvidenceView, ProofView, StateView, StoryEventView, TransferDetailsView, TransferView } from '@/ipc';

export interface EvidenceRecord {
  transfer: string;
  name: string;
  run: string | null;
  source: { connection: string | null; path: string };
  destination: { connection: string | null; path: string };
  size: number;
  sha256: string | null;
  state: StateView;
  evidence: EvidenceView;
  proof: ProofView | null;
  version: string | null;
  /** What went with it, by the keys of the remote. */
  metadata: { form: string; values: { key: string; value: AttributeValueView }[] }[];
  queuedAt: string;
  startedAt: string | null;
  endedAt: string | null;
  storedAt: string | null;
  sourceModifiedAt: string | null;
  story: { at: string; event: StoryEventView; detail: string | null }[];
  program: string;
}

function utc(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

export function evidenceRecord(transfer: TransferView, details: TransferDetailsView, beside: { run: string | null; program: string }): EvidenceRecord {
  const end = ({ connectionName, path }: TransferView['source']) => ({ connection: connectionName, path });
  return {
    transfer: transfer.id,
    name: transfer.name,
    run: beside.run,
    source: end(transfer.source),
    destination: end(transfer.destination),
    size: transfer.size,
    sha256: details.sha256,
    state: transfer.state,
    evidence: transfer.evidence,
    proof: transfer.proof,
    version: details.version,
    metadata: details.metadata,
    queuedAt: new Date(transfer.createdAt).toISOString(),
    startedAt: utc(transfer.startedAt),
    endedAt: utc(transfer.endedAt),
    storedAt: utc(details.storedAt),
    sourceModifiedAt: utc(details.sourceModified),
    story: details.story.map(({ at, event, detail }) => ({ at: new Date(at).toISOString(), event, detail })),
    program: beside.program,
  };
}
