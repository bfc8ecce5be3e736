import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { typedFolder } from '@/domain/path';
import { formatNumber } from '@/domain/measure';
import type { ConflictRuleView, PickView, RequiredProofView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { toast } from '@/kit/toast';
import { locale, m, ruleWord } from '@/messages';
import { connections, pickPaths, sendFiles } from '@/queries';
import styles from './dialogs.module.css';
import { ErrorNotice } from './error-notice';
import { dropFolder, rememberDropFolder } from './remembered';

const RULES: readonly ConflictRuleView[] = ['ask', 'overwrite', 'skip', 'keep-both', 'newer'];

/** Asks what goes where and how. Everything but the destination has an answer already. */
export function SendDialog({
  paths,
  connection,
  onClose,
}: {
  paths: readonly string[];
  connection: string | null;
  onClose: () => void;
}) {
  const places = useQuery(connections).data ?? [];
  const only = places.length === 1 ? (places[0]?.id ?? null) : null;
  const [text, setText] = useState('');
  const [picked, setPicked] = useState(connection);
  const to = picked ?? only;
  const [typed, setTyped] = useState<string | null>(null);
  const folder = typed ?? (to === null ? '/' : dropFolder(to));
  const [conflict, setConflict] = useState<ConflictRuleView>('ask');
  const [proof, setProof] = useState<RequiredProofView>('matched');
  const [asked, setAsked] = useState(false);
  const sources = [...new Set([...paths, ...text.split('\n').map((line) => line.trim()).filter(Boolean)])];

  const picking = useMutation({
    ...pickPaths,
    onSuccess: (chosen: string[]) => setText((before) => [before.trim(), ...chosen].filter(Boolean).join('\n')),
  });
  const sending = useMutation({
    ...sendFiles,
    onSuccess: () => {
      toast({ text: m.sent_toast({ count: sources.length, n: formatNumber(sources.length, locale()) }) });
      onClose();
    },
  });

  function send() {
    setAsked(true);
    if (to === null || sources.length === 0) return;
    rememberDropFolder(to, typedFolder(folder));
    sending.mutate({ sources, connection: to, folder: typedFolder(folder), conflict, proof });
  }
  const pick = (what: PickView) => picking.mutate(what);

  return (
    <Dialog
      title={m.send_title()}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={sending.isPending} onPress={send}>
            {m.send_now()}
          </Button>
        </>
      }
    >
      {paths.length > 0 ? (
        <ul className={styles.paths} aria-label={m.send_what()}>
          {paths.map((path) => (
            <li key={path}>{path}</li>
          ))}
        </ul>
      ) : null}
      <TextField
        label={m.send_paths()}
        help={m.send_paths_help()}
        value={text}
        onChange={setText}
        rows={paths.length > 0 ? 2 : 3}
        autoFocus={paths.length === 0}
        error={asked && sources.length === 0 ? m.send_needs_paths() : undefined}
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
          onChange={setConflict}
        />
        <Select
          label={m.send_proof()}
          options={[
            { id: 'matched', label: m.send_proof_matched() },
            { id: 'accepted', label: m.send_proof_accepted() },
          ]}
          value={proof}
          onChange={setProof}
        />
      </div>
      {picking.isError ? <ErrorNotice reason={picking.error} about={m.this_computer()} /> : null}
      {sending.isError ? <ErrorNotice reason={sending.error} about={m.this_computer()} /> : null}
    </Dialog>
  );
}
