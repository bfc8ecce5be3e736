import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { formatExact } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { PlaceView, RecordsView, RetentionModeView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { Dialog } from '@/kit/dialog';
import { Section } from '@/kit/section';
import { Segmented } from '@/kit/segmented';
import { Tag } from '@/kit/tag';
import { TextField } from '@/kit/field';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { useNow } from '@/parts/use-now';
import { keys, setLegalHold, setRetention } from '@/queries';
import { Hidden } from './hidden';
import styles from './records.module.css';

const modeWord = (mode: RetentionModeView): string => (mode === 'compliance' ? m.records_compliance() : m.records_governance());

/** Retention and legal hold of the latest version: shown, and set after a last question. */
export function Records({ place, records, name, connectionName }: { place: PlaceView; records: RecordsView; name: string; connectionName: string }) {
  const client = useQueryClient();
  const [keeping, setKeeping] = useState(false);
  const [holding, setHolding] = useState(false);
  const hold = useMutation({
    ...setLegalHold,
    onSettled: () => client.invalidateQueries({ queryKey: keys.entryDetails(place) }),
    onError: (reason) => tellError(reason, connectionName),
  });
  const { retention, legalHold } = records;
  const hidden = records.retentionHidden ?? records.holdHidden;
  return (
    <Section title={m.records_title()}>
      {hidden ? <Hidden failure={hidden} name={name} place={connectionName} /> : null}
      {records.retentionHidden ? null : (
        <div className={styles.line}>
          <div>
            {retention ? <Tag tone="hold">{modeWord(retention.mode)}</Tag> : null}{' '}
            {retention ? m.records_until({ at: formatExact(retention.until, locale()) }) : m.records_no_retention()}
          </div>
          <Button onPress={() => setKeeping(true)}>{retention ? m.records_lengthen() : m.records_keep()}</Button>
        </div>
      )}
      {records.holdHidden ? null : (
        <div className={styles.line}>
          <div>
            {legalHold ? <Tag tone="hold">{m.records_hold()}</Tag> : null} {legalHold ? m.records_held() : m.records_not_held()}
          </div>
          <Button isDisabled={hold.isPending} onPress={() => setHolding(true)}>
            {legalHold ? m.records_lift() : m.records_set_hold()}
          </Button>
        </div>
      )}
      {keeping ? <RetentionDialog place={place} records={records} name={name} connectionName={connectionName} onClose={() => setKeeping(false)} /> : null}
      {holding ? (
        <ConfirmDialog
          title={legalHold ? m.records_lift_title({ name: shownName(name) }) : m.records_hold_title({ name: shownName(name) })}
          confirmLabel={legalHold ? m.records_lift() : m.records_set_hold()}
          cancelLabel={m.cancel()}
          onConfirm={() => {
            hold.mutate({ place, on: !legalHold }, { onSuccess: () => toast({ text: legalHold ? m.records_lifted() : m.records_hold_set() }) });
            setHolding(false);
          }}
          onClose={() => setHolding(false)}
        >
          <p>{legalHold ? m.records_lift_body() : m.records_hold_body()}</p>
        </ConfirmDialog>
      ) : null}
    </Section>
  );
}

/** The end of a day in the reader's own time, from how a date is typed into the field. */
function endOf(text: string): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(year, month - 1, day, 23, 59, 59);
  return date.getMonth() === month - 1 && date.getDate() === day ? date.getTime() : null;
}

function RetentionDialog({ place, records, name, connectionName, onClose }: { place: PlaceView; records: RecordsView; name: string; connectionName: string; onClose: () => void }) {
  const client = useQueryClient();
  const now = useNow('minute');
  const before = records.retention;
  const [mode, setMode] = useState<RetentionModeView>(before?.mode ?? 'governance');
  const [text, setText] = useState('');
  const [asked, setAsked] = useState(false);
  const setting = useMutation({ ...setRetention, onSettled: () => client.invalidateQueries({ queryKey: keys.entryDetails(place) }) });
  const until = endOf(text);
  const earliest = Math.max(now, before?.until ?? 0);
  const problem = text === '' ? null : until === null ? m.records_date_problem() : until <= earliest ? m.records_date_early({ at: formatExact(earliest, locale()) }) : null;
  const ready = until !== null && problem === null;
  const save = () => {
    if (until === null) return;
    setting.mutate({ place, mode, until }, {
      onSuccess: () => {
        toast({ text: m.records_kept({ name: shownName(name), at: formatExact(until, locale()) }) });
        onClose();
      },
    });
    setAsked(false);
  };
  return (
    <>
      <Dialog
        title={m.records_keep_title({ name: shownName(name) })}
        onClose={onClose}
        closeLabel={m.cancel()}
        actions={
          <>
            <Button onPress={onClose}>{m.cancel()}</Button>
            <Button tone="go" isDisabled={!ready || setting.isPending} onPress={() => (mode === 'compliance' ? setAsked(true) : save())}>
              {m.records_keep_confirm()}
            </Button>
          </>
        }
      >
        <Segmented
          label={m.records_mode()}
          segments={[
            { id: 'governance', label: m.records_governance(), disabled: before?.mode === 'compliance' },
            { id: 'compliance', label: m.records_compliance() },
          ]}
          chosen={mode}
          onChoose={setMode}
        />
        <Callout tone={mode === 'compliance' ? 'hold' : 'accent'} title={modeWord(mode)}>
          <p>{mode === 'compliance' ? m.records_compliance_means() : m.records_governance_means()}</p>
        </Callout>
        <TextField label={m.records_date()} value={text} onChange={setText} placeholder="2036-12-31" help={m.records_date_help()} error={problem ?? undefined} autoFocus />
        {setting.isError ? <ErrorNotice reason={setting.error} about={connectionName} /> : null}
      </Dialog>
      {asked && until !== null ? (
        <ConfirmDialog
          title={m.records_compliance_title()}
          typed={{ label: m.records_compliance_type(), text: text.trim() }}
          confirmLabel={m.records_keep_confirm()}
          cancelLabel={m.cancel()}
          onConfirm={save}
          onClose={() => setAsked(false)}
        >
          <p>{m.records_compliance_body({ name: shownName(name), at: formatExact(until, locale()) })}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
