// What is known of one transfer as a block of plain text, in the reader's language: for a mail, a note, a file.
import type { EvidenceRecord } from '@/domain/evidence';
import { shownName } from '@/domain/path';
import { evidenceMeaning, evidenceWord, m, proofWord, stateWord } from '@/messages';

/** `metadata` are the lines of what went with it, in words. */
export function evidenceText(record: EvidenceRecord, metadata: readonly string[]): string {
  const place = (end: EvidenceRecord['source']) => shownName(`${end.connection ?? m.this_computer()}: ${end.path}`);
  const lines: [string, string | null][] = [
    [m.column_file(), shownName(record.name)],
    [m.evidence_run(), record.run === null ? null : shownName(record.run)],
    [m.side_from(), place(record.source)],
    [m.side_to(), place(record.destination)],
    [m.side_size(), m.evidence_bytes({ n: String(record.size) })],
    [m.side_sha256(), record.sha256],
    [m.column_evidence(), record.state === 'done' ? `${evidenceWord(record.evidence)}. ${evidenceMeaning(record.evidence)}` : stateWord(record.state)],
    [m.side_proof(), record.proof === null ? null : proofWord(record.proof)],
    [m.side_version(), record.version],
    ...metadata.map((line): [string, string] => [m.evidence_metadata(), line]),
    [m.evidence_queued(), record.queuedAt],
    [m.evidence_started(), record.startedAt],
    [m.evidence_ended(), record.endedAt],
    [m.evidence_stored(), record.storedAt],
    [m.evidence_source_modified(), record.sourceModifiedAt],
    [m.evidence_transfer(), record.transfer],
    [m.evidence_program(), `Waybill ${record.program}`],
  ];
  const known = lines.filter((line): line is [string, string] => line[1] !== null);
  const width = Math.max(...known.map(([label]) => label.length)) + 2;
  return `${known.map(([label, value]) => `${`${label}:`.padEnd(width)}${value}`).join('\n')}\n`;
}
