import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConnectorSpecView, ImportOfferView, ImportOutcomeView, ImportPreviewView, ImportSourceView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { Disclosure } from '@/kit/disclosure';
import { Skeleton } from '@/kit/skeleton';
import { m, sayIn } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { openVaultQuestion } from '@/parts/open-dialog';
import { addImported, importLook, importOffers, pickPaths } from '@/queries';
import { vaultWord } from './describe';
import styles from './forms.module.css';
import { FoundList, type Wanted } from './import-found';
import { ImportResults } from './import-results';
import { runTests } from './test-runs';

const SOURCES: Record<ImportSourceView, { title: () => string; what: () => string }> = {
  aws: { title: m.import_aws, what: m.import_aws_what },
  ssh: { title: m.import_ssh, what: m.import_ssh_what },
  rclone: { title: m.import_rclone, what: m.import_rclone_what },
};

interface Chosen {
  source: ImportSourceView;
  file: string | null;
}

interface Props {
  specs: readonly ConnectorSpecView[];
  onClose: () => void;
}

/** From where, what of it, and how it went: secrets go from the file to the vault and are never seen here. */
export function ImportDialog({ specs, onClose }: Props) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [results, setResults] = useState<readonly ImportOutcomeView[] | null>(null);
  if (results) return <ImportResults results={results} onClose={onClose} onMore={() => { setResults(null); setChosen(null); }} />;
  if (!chosen) return <Sources onChoose={setChosen} onClose={onClose} />;
  return <Look chosen={chosen} specs={specs} onBack={() => setChosen(null)} onAdded={setResults} onClose={onClose} />;
}

function Sources({ onChoose, onClose }: { onChoose: (chosen: Chosen) => void; onClose: () => void }) {
  const offers = useQuery(importOffers);
  return (
    <Dialog title={m.import_title()} onClose={onClose} closeLabel={m.close()} wide>
      <p className={styles.quiet}>{m.import_body()}</p>
      {offers.isError ? <ErrorNotice reason={offers.error} about={m.import_title()} /> : null}
      {offers.isPending ? <Skeleton label={m.import_looking()} lines={3} /> : null}
      <ul className={styles.sources} aria-label={m.import_title()}>
        {offers.data?.map((offer) => (
          <Source key={offer.source} offer={offer} onChoose={onChoose} />
        ))}
      </ul>
    </Dialog>
  );
}

function Source({ offer, onChoose }: { offer: ImportOfferView; onChoose: (chosen: Chosen) => void }) {
  const { source, files } = offer;
  const { title, what } = SOURCES[source];
  const picking = useMutation({
    ...pickPaths,
    onSuccess: ([file]: string[]) => file !== undefined && onChoose({ source, file }),
  });
  return (
    <li className={styles.source} aria-label={title()}>
      <div className={styles.sourceText}>
        <strong>{title()}</strong>
        <span className={styles.quiet}>{what()}</span>
        {files.length > 0 ? (
          <span className={styles.files} data-text>
            {files.join('  ·  ')}
          </span>
        ) : (
          <span className={styles.quiet}>{m.import_no_files()}</span>
        )}
      </div>
      <div className={styles.sourceActs}>
        <Button isDisabled={picking.isPending} onPress={() => picking.mutate('file')}>
          {m.import_other_file()}
        </Button>
        {files.length > 0 ? (
          <Button tone="go" onPress={() => onChoose({ source, file: null })}>
            {m.import_look()}
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function Look({
  chosen,
  specs,
  onBack,
  onAdded,
  onClose,
}: {
  chosen: Chosen;
  specs: readonly ConnectorSpecView[];
  onBack: () => void;
  onAdded: (results: readonly ImportOutcomeView[]) => void;
  onClose: () => void;
}) {
  const look = useQuery(importLook(chosen.source, chosen.file));
  const [wanted, setWanted] = useState<readonly Wanted[] | null>(null);
  const preview = look.data;
  const rows = preview ? (wanted ?? firstChoice(preview)) : [];
  const picks = rows.flatMap((row, index) => (row.ticked ? [{ index, name: row.name.trim() }] : []));
  const adding = useMutation({
    ...addImported,
    onSuccess: (results: ImportOutcomeView[]) => {
      onAdded(results);
      void runTests(results.flatMap((one) => (one.added === null ? [] : [one.added])));
    },
  });
  const twice = picks.some((one, at) => picks.findIndex((other) => other.name.toLowerCase() === one.name.toLowerCase()) !== at);
  const withSecrets = preview?.found.some((one, index) => rows[index]?.ticked && one.secrets.length > 0) ?? false;
  return (
    <Dialog
      title={m.import_from({ source: SOURCES[chosen.source].title() })}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          <Button tone="quiet" onPress={onBack}>
            {m.import_back()}
          </Button>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button
            tone="go"
            isDisabled={picks.length === 0 || twice || picks.some((one) => one.name === '') || adding.isPending}
            onPress={() => preview && adding.mutate({ ...chosen, digest: preview.digest, picks })}
          >
            {m.import_add({ count: picks.length, n: String(picks.length) })}
          </Button>
        </>
      }
    >
      {look.isError ? <ErrorNotice reason={look.error} about={SOURCES[chosen.source].title()} /> : null}
      {look.isPending ? <Skeleton label={m.import_looking()} lines={4} /> : null}
      {preview ? (
        <>
          <p className={styles.files} data-text>
            {preview.files.join('  ·  ')}
          </p>
          {preview.found.length === 0 ? <p>{m.import_nothing()}</p> : null}
          <FoundList found={preview.found} rows={rows} specs={specs} vault={preview.vault} onRows={setWanted} />
          {preview.leftOut.length > 0 ? (
            <Disclosure title={m.import_left_out({ count: preview.leftOut.length, n: String(preview.leftOut.length) })}>
              <ul className={styles.lines}>
                {preview.leftOut.map((one) => (
                  <li key={one.name} data-text>
                    {m.import_left_line({ name: one.name, why: sayIn(kindOf(one.why.code), one.why) })}
                  </li>
                ))}
              </ul>
            </Disclosure>
          ) : null}
          {withSecrets ? <Where vault={preview.vault} /> : null}
          {twice ? <p role="alert">{m.import_twice()}</p> : null}
        </>
      ) : null}
      {adding.isError ? <ErrorNotice reason={adding.error} about={SOURCES[chosen.source].title()} /> : null}
    </Dialog>
  );
}

/** Which connector's words a reason is in; the desk's where it is neither's. */
function kindOf(code: string | null): string | null {
  return code === 'import-no-sign-in' ? 's3' : code === 'import-hashed' ? 'sftp' : null;
}

/** Where the secrets go that come along. */
function Where({ vault }: { vault: string | null }) {
  if (vault !== null) return <p className={styles.quiet}>{m.import_secrets_into({ vault: vaultWord(vault) })}</p>;
  return (
    <Callout tone="warn" title={m.import_no_vault()} actions={<Button onPress={openVaultQuestion}>{m.vault_give()}</Button>}>
      <p>{m.import_no_vault_body()}</p>
    </Callout>
  );
}

/** Ticked is what works as it is and is not here yet. */
function firstChoice(preview: ImportPreviewView): Wanted[] {
  return preview.found.map((one) => ({ name: one.name, ticked: one.ready && one.twin === null && one.problems.length === 0 }));
}
