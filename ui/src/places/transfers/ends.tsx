import { useQuery } from '@tanstack/react-query';
import { FolderOpen } from 'lucide-react';
import type { TransferDetailsView, TransferView } from '@/ipc';
import { Button } from '@/kit/button';
import { CopyButton } from '@/kit/copy-button';
import { m } from '@/messages';
import { about as aboutQuery, oneRun } from '@/queries';
import { evidenceRecord } from '@/domain/evidence';
import { evidenceText } from './evidence-text';
import { openEndLabel, type Side, useOpenEnd } from './open-end';
import styles from './transfer-side.module.css';

const SIDES: readonly Side[] = ['source', 'destination'];

/** To where the file lies, at either end, and what is known of it to take along. */
export function Ends({ transfer, details }: { transfer: TransferView; details: TransferDetailsView | undefined }) {
  const openEnd = useOpenEnd();
  const version = useQuery(aboutQuery).data?.version ?? '';
  const run = useQuery(oneRun(transfer.run)).data;
  const record = details ? evidenceRecord(transfer, details, { run: run?.title ?? null, program: version }) : null;
  return (
    <div className={styles.ends}>
      {SIDES.map((side) => (
        <Button key={side} onPress={() => void openEnd(transfer, side)}>
          <FolderOpen aria-hidden size={15} />
          {openEndLabel(transfer, side)}
        </Button>
      ))}
      {record ? (
        <>
          <CopyButton text={evidenceText(record)} label={m.copy_evidence()} doneLabel={m.copied()} />
          <CopyButton text={JSON.stringify(record, null, 2)} label={m.copy_evidence_json()} doneLabel={m.copied()} />
        </>
      ) : null}
    </div>
  );
}
