import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { typedFolder } from '@/domain/path';
import { formatNumber } from '@/domain/measure';
import type { ConflictRuleView, LooseView, MeasuredView, PickView, RequiredProofView, SendDraftView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { Disclosure } from '@/kit/disclosure';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { toast } from '@/kit/toast';
import { locale, m, ruleWord } from '@/messages';
import { connections, measured as measuredPaths, pickPaths, sendWithLoose } from '@/queries';
import styles from './dialogs.module.css';
import { DroppedList } from './dropped-list';
import { ErrorNotice } from './error-notice';
import { useMetadata } from './metadata';
import { dropFolder, lastChoice, rememberChoice, rememberDropFolder, type SendKind } from './remembered';

const RULES: readonly ConflictRuleView[] = ['ask', 'overwrite', 'skip', 'keep-both', 'newer'];

/** Asks what goes where and how. Everything has an answer already, as far as it was given before. */
export function SendDialog({
  paths,
  loose,
  connection,
  folder: proposed,
  onClose,
}: {
  paths: readonly string[];
  loose: readonly LooseView[];
  connection: string | null;
  /** Where on that connection; without it, where something went the last time. */
  folder: string | null;
  onClose: () => void;
}) {
  const places = useQuery(connections).data ?? [];
  const [text, setText] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const given = paths.filter((path) => !left.has(path));
  const pasted = loose.filter((one) => !left.has(one.id));
  const measured = useQuery(measuredPaths(given)).data;
  const kind = kindOf(given, pasted, measured);

  const last = lastChoice(kind);
  const only = places.length === 1 ? (places[0]?.id ?? null) : null;
  const remembered = places.some((place) => place.id === last?.connection) ? (last?.connection ?? null) : null;
  const [picked, setPicked] = useState(connection);
  const to = picked ?? remembered ?? only;
  const [typed, setTyped] = useState<string | null>(null);
  const folder = typed ?? (to === null ? '/' : to === connection && proposed !== null ? proposed : dropFolder(to));
  const [ruled, setRuled] = useState<ConflictRuleView | null>(null);
  const conflict = ruled ?? last?.conflict ?? 'ask';
  const [proved, setProved] = useState<RequiredProofView | null>(null);
  const proof = proved ?? last?.proof ?? 'matched';

  const [asked, setAsked] = useState(false);
  const sources = [...new Set([...given, ...text.split('\n').map((line) => line.trim()).filter(Boolean)])];
  const count = sources.length + pasted.length;
  const missing = measured?.filter((one) => one.problem !== null).length ?? 0;

  const picking = useMutation({
    ...pickPaths,
    onSuccess: (chosen: string[]) => setText((before) => [before.trim(), ...chosen].filter(Boolean).join('\n')),
  });
  const metadata = useMetadata({ connection: to, path: typedFolder(folder) }, send);
  const sending = useMutation({
    ...sendWithLoose,
    onSuccess: () => {
      toast({ text: m.sent_toast({ count, n: formatNumber(count, locale()) }) });
      onClose();
    },
  });

  function send() {
    setAsked(true);
    // A second press of the button finds the first one at work.
    if (to === null || count === 0 || sending.isPending) return;
    metadata.through((forms) => {
      rememberDropFolder(to, typedFolder(folder));
      rememberChoice(kind, { connection: to, conflict, proof });
      const draft: SendDraftView = { sources, connection: to, folder: typedFolder(folder), conflict, proof, forms };
      sending.mutate({ draft, loose: pasted.map((one) => one.id) });
    });
  }
  const pick = (what: PickView) => picking.mutate(what);
  const shows = given.length + pasted.length > 0;

  const typing = (
    <div className={styles.fields}>
      <TextField
        label={m.send_paths()}
        help={shows ? undefined : m.send_paths_help()}
        value={text}
        onChange={setText}
        rows={shows ? 1 : 3}
        autoFocus={!shows}
        error={asked && count === 0 ? m.send_needs_paths() : undefined}
        mono
      />
      <div className={styles.row}>
        <Button isDisabled={picking.isPending} onPress={() => pick('files')}>
          {m.send_pick_files()}
        </Button>
        <Button isDisabled={picking.isPending} onPress={() => pick('folder')}>
          {m.send_pick_folder()}
        </Button>
      </div>
    </div>
  );
  return (
    <Dialog
      title={m.send_title()}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          {metadata.lacking}
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={sending.isPending} onPress={send}>
            {m.send_now()}
          </Button>
        </>
      }
    >
      {shows ? (
        <DroppedList
          paths={given}
          loose={pasted}
          measured={measured}
          onRemove={(one) => setLeft((before) => new Set([...before, one]))}
        />
      ) : null}
      {missing > 0 ? (
        <Callout tone="warn" title={m.dropped_some_missing({ count: missing, n: formatNumber(missing, locale()) })} />
      ) : null}
      {shows ? <Disclosure title={m.send_more()}>{typing}</Disclosure> : typing}
      {places.length === 0 ? <p>{m.send_no_connections()}</p> : null}
      <div className={styles.pair}>
        <Select
          label={m.send_to()}
          options={places.map((place) => ({ id: place.id, label: place.name }))}
          value={to}
          onChange={setPicked}
          placeholder={m.send_needs_connection()}
          error={asked && to === null ? m.send_needs_connection() : undefined}
        />
        <TextField label={m.send_folder()} help={m.send_folder_help()} value={folder} onChange={setTyped} mono />
        <Select
          label={m.send_conflict()}
          options={RULES.map((rule) => ({ id: rule, label: ruleWord(rule) }))}
          value={conflict}
          onChange={setRuled}
        />
        <Select
          label={m.send_proof()}
          options={[
            { id: 'matched', label: m.send_proof_matched() },
            { id: 'accepted', label: m.send_proof_accepted() },
          ]}
          value={proof}
          onChange={setProved}
        />
      </div>
      {metadata.panel}
      {picking.isError ? <ErrorNotice reason={picking.error} about={m.this_computer()} /> : null}
      {sending.isError ? <ErrorNotice reason={sending.error} about={m.this_computer()} /> : null}
    </Dialog>
  );
}

/** Each kind goes its own way: a scan that was pasted elsewhere than the folder of a case. */
function kindOf(paths: readonly string[], loose: readonly LooseView[], measured: readonly MeasuredView[] | undefined): SendKind {
  if (loose.length > 0 && paths.length === 0) return 'pasted';
  return measured?.some((one) => one.folder) ? 'folders' : 'files';
}
