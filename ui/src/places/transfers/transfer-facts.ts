// The facts of one transfer as the side lists them.
import type { ReactNode } from 'react';
import { grouped } from '@/domain/fingerprint';
import { formatBytes, formatNumber } from '@/domain/measure';
import { folderOf, shownName } from '@/domain/path';
import type { EndView, RunView, TransferDetailsView, TransferView } from '@/ipc';
import type { KeyValue } from '@/kit/key-values';
import { endName, evidenceWord, locale, m, proofWord } from '@/messages';
import type { Side } from './open-end';

function end(place: EndView): string {
  return `${endName(place)}, ${shownName(folderOf(place.path))}`;
}

export function facts(
  transfer: TransferView,
  run: RunView | undefined,
  details: TransferDetailsView | undefined,
  ends: Record<Side, ReactNode>,
): KeyValue[] {
  const number = (value: number) => formatNumber(value, locale());
  return [
    { key: 'from', label: m.side_from(), value: end(transfer.source), title: transfer.source.path, action: ends.source },
    { key: 'to', label: m.side_to(), value: end(transfer.destination), title: transfer.destination.path, action: ends.destination },
    ...(transfer.folder ? [] : [{ key: 'size', label: m.side_size(), value: formatBytes(transfer.size, locale()), title: number(transfer.size) }]),
    ...(transfer.folder
      ? []
      : [
          {
            key: 'sha256',
            label: m.side_sha256(),
            value: details?.sha256 ? grouped(details.sha256) : m.side_sha256_pending(),
            mono: Boolean(details?.sha256),
          },
        ]),
    ...(details?.version ? [{ key: 'version', label: m.side_version(), value: details.version, mono: true }] : []),
    {
      key: 'proof',
      label: m.side_proof(),
      value: transfer.proof ? proofWord(transfer.proof) : m.proof_pending({ grade: evidenceWord(run?.requiredProof ?? 'matched') }),
    },
    ...(transfer.attempts > 0 ? [{ key: 'attempts', label: m.side_attempts(), value: number(transfer.attempts) }] : []),
  ];
}
