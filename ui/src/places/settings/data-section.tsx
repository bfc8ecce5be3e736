import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact, formatRelative } from '@/domain/moment';
import type { HomeFileKindView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { CopyButton } from '@/kit/copy-button';
import { NumberField } from '@/kit/number-field';
import { Switch } from '@/kit/switch';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { useNow } from '@/parts/use-now';
import { checkDatabase, copyDatabase, dataPlace, keys, pruneHistory, setHistorySettings, showDataPlace } from '@/queries';
import { Block } from './block';
import type { SectionProps } from './section-props';
import styles from './settings.module.css';
import { useSaved } from './use-saved';

/** What keeping begins with when it is turned on: a year. */
const YEAR = 365;

function kindName(kind: HomeFileKindView): string {
  const names = {
    database: m.data_file_database,
    copy: m.data_file_copy,
    before: m.data_file_before,
    damaged: m.data_file_damaged,
    secrets: m.data_file_secrets,
    log: m.data_file_log,
    other: m.data_file_other,
  };
  return names[kind]();
}

export function DataSection({ settings }: SectionProps) {
  return (
    <>
      <PlaceBlock />
      <CareBlock />
      <HistoryBlock settings={settings} />
      <Block title={m.data_move_title()} why={m.data_move_body()}>
        <code data-text className={styles.mono}>
          waybill-desktop --home DIR
        </code>
      </Block>
    </>
  );
}

function PlaceBlock() {
  const held = useQuery(dataPlace);
  const showing = useMutation(showDataPlace);
  const now = useNow('minute');
  const place = held.data;
  if (held.isError) return <ErrorNotice reason={held.error} about={m.settings_data()} />;
  if (!place) return null;
  return (
    <Block title={m.data_folder()} why={m.data_folder_why()}>
      <div className={styles.state}>
        <span data-text className={styles.mono}>
          {place.folder}
        </span>
        <Button isDisabled={showing.isPending} onPress={() => showing.mutate()}>
          {m.data_folder_open()}
        </Button>
        <CopyButton text={place.folder} label={m.data_folder_copy()} doneLabel={m.copied()} />
      </div>
      {showing.isError ? <ErrorNotice reason={showing.error} about={m.data_folder()} /> : null}
      <table className={styles.files}>
        <thead>
          <tr>
            <th scope="col">{m.data_what()}</th>
            <th scope="col">{m.data_changed()}</th>
            <th scope="col">{m.data_size()}</th>
          </tr>
        </thead>
        <tbody>
          {place.files
            .filter((file) => file.kind !== 'other')
            .map((file) => (
              <tr key={file.name}>
                <td title={file.name}>{kindName(file.kind)}</td>
                <td title={file.changedAt === null ? undefined : formatExact(file.changedAt, locale())}>
                  {file.changedAt === null ? '' : formatRelative(file.changedAt, now, locale())}
                </td>
                <td>{formatBytes(file.bytes, locale())}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {place.free === null || place.total === null ? null : (
        <span className={styles.help}>
          {m.data_free({ free: formatBytes(place.free, locale()), total: formatBytes(place.total, locale()) })}
        </span>
      )}
    </Block>
  );
}

function CareBlock() {
  const client = useQueryClient();
  const copying = useMutation({
    ...copyDatabase,
    onSuccess: () => {
      toast({ text: m.data_copied() });
      void client.invalidateQueries({ queryKey: keys.dataPlace });
    },
  });
  const checking = useMutation(checkDatabase);
  return (
    <Block title={m.data_care()} why={m.data_care_why()}>
      <div className={styles.row}>
        <Button isDisabled={copying.isPending} onPress={() => copying.mutate()}>
          {m.data_copy_now()}
        </Button>
        <Button isDisabled={checking.isPending} onPress={() => checking.mutate()}>
          {checking.isPending ? m.data_checking() : m.data_check_now()}
        </Button>
      </div>
      {copying.isError ? <ErrorNotice reason={copying.error} about={m.settings_data()} /> : null}
      {checking.isError ? <ErrorNotice reason={checking.error} about={m.settings_data()} /> : null}
      {checking.data?.length === 0 ? <Callout tone="ok" live title={m.data_check_well()} /> : null}
      {checking.data && checking.data.length > 0 ? (
        <Callout tone="bad" live title={m.data_check_bad()}>
          <p>{m.data_check_bad_body()}</p>
          <ul className={styles.problems}>
            {checking.data.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </Block>
  );
}

function HistoryBlock({ settings }: SectionProps) {
  const { history } = settings;
  const { save, refused } = useSaved(setHistorySettings, history, m.data_keep());
  const [asking, setAsking] = useState(false);
  const pruning = useMutation({
    ...pruneHistory,
    onSuccess: (count) => toast({ text: m.data_pruned({ count, n: formatNumber(count, locale()) }) }),
    onSettled: () => setAsking(false),
  });
  const days = history.keepDays;
  return (
    <Block title={m.data_keep()} why={m.data_keep_why()}>
      <Switch label={m.data_keep_on()} on={days !== null} onChange={(on) => save({ keepDays: on ? YEAR : null })} />
      {days === null ? null : (
        <>
          <NumberField
            label={m.data_keep_days()}
            value={days}
            onChange={(number) => save({ keepDays: number ?? YEAR })}
            units={[{ id: 'days', label: m.data_days() }]}
            unit="days"
            min={7}
            max={3653}
            step={1}
            help={m.data_keep_range()}
          />
          <div className={styles.row}>
            <Button onPress={() => setAsking(true)}>{m.data_prune_now()}</Button>
          </div>
        </>
      )}
      {refused}
      {pruning.isError ? <ErrorNotice reason={pruning.error} about={m.data_keep()} /> : null}
      {asking && days !== null ? (
        <ConfirmDialog
          title={m.data_prune_title()}
          confirmLabel={m.data_prune_confirm()}
          cancelLabel={m.cancel()}
          busy={pruning.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() => pruning.mutate()}
        >
          <p>{m.data_prune_body({ n: formatNumber(days, locale()) })}</p>
        </ConfirmDialog>
      ) : null}
    </Block>
  );
}
