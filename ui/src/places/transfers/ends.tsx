import { useQuery } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import { evidenceRecord } from '@/domain/evidence';
import type { TransferDetailsView, TransferView } from '@/ipc';
import { IconButton } from '@/kit/button';
import { CopyButton } from '@/kit/copy-button';
import { m } from '@/messages';
import { about as aboutQuery, oneRun } from '@/queries';
import { evidenceText } from './evidence-text';
import { linesOfGiven, useGiven } from './given';
import { openEndLabel, type Side, useOpenEnd } from './open-end';
import styles from './transfer-side.module.css';

/** To where the file lies, at either end: a button beside each address. */
export function useEndActions(transfer: TransferView): Record<Side, ReactNode> {
  const openEnd = useOpenEnd();
  const button = (side: Side) => (
    <IconButton label={openEndLabel(transfer, side)} onPress={() => void openEnd(transfer, side)}>
      <FolderOpen aria-hidden size={15} strokeWidth={1.75} />
    </IconButton>
  );
  return { source: button('source'), destination: button('destination') };
}

/** What is known of it, to take along. */
export function Evidence({ transfer, details }: { transfer: TransferView; details: TransferDetailsView }) {
  const version = useQuery(aboutQuery).data?.version ?? '';
  const run = useQuery(oneRun(transfer.run)).data;
  const given = useGiven(transfer, details);
  const record = evidenceRecord(transfer, details, { run: run?.title ?? null, program: version });
  return (
    <div className={styles.evidence}>
      <CopyButton text={evidenceText(record, linesOfGiven(given))} label={m.copy_evidence()} doneLabel={m.copied()} />
      <CopyButton text={JSON.stringify(record, null, 2)} label={m.copy_evidence_json()} doneLabel={m.copied()} />
    </div>
  );
}
