import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber } from '@/domain/measure';
import type { VaultKindView, VaultView } from '@/ipc';
import { Button } from '@/kit/button';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { TextField } from '@/kit/field';
import { Tag } from '@/kit/tag';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { openVaultQuestion } from '@/parts/open-dialog';
import { changePassphrase, keys, lockVault, moveSecrets, vaults as vaultsQuery } from '@/queries';
import { Block } from './block';
import styles from './settings.module.css';

/** The fewest characters of a passphrase, as the desk asks for. */
const SHORTEST = 10;

function name(kind: VaultKindView): string {
  const names = { keyring: m.vault_kind_keyring, file: m.vault_kind_file, memory: m.vault_kind_memory };
  return names[kind]();
}

export function VaultSection() {
  const held = useQuery(vaultsQuery);
  const vaults = held.data ?? [];
  const file = vaults.find((vault) => vault.kind === 'file');
  return (
    <>
      {held.isError ? <ErrorNotice reason={held.error} about={m.settings_vault()} /> : null}
      {vaults.map((vault) => (
        <VaultBlock key={vault.kind} vault={vault} others={vaults.filter((other) => other !== vault)} />
      ))}
      {file?.exists ? <PassphraseBlock /> : null}
    </>
  );
}

function VaultBlock({ vault, others }: { vault: VaultView; others: readonly VaultView[] }) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const again = () => void client.invalidateQueries({ queryKey: keys.vaults });
  const locking = useMutation({ ...lockVault, onSettled: again });
  const moving = useMutation({
    ...moveSecrets,
    onSuccess: (count) => toast({ text: m.vault_moved({ count, n: formatNumber(count, locale()), vault: name(vault.kind) }) }),
    onSettled: () => {
      setAsking(false);
      again();
    },
  });
  const elsewhere = others.reduce((sum, other) => sum + other.secrets, 0);
  const count = formatNumber(vault.secrets, locale());
  const why = { keyring: m.vault_why_keyring(), file: m.vault_why_file(), memory: m.vault_why_memory() };
  return (
    <Block title={name(vault.kind)} why={why[vault.kind]}>
      <div className={styles.state}>
        {vault.trouble === null ? (
          <Tag tone="ok">{vault.kind === 'file' && !vault.exists ? m.vault_ready() : m.vault_well()}</Tag>
        ) : (
          <Tag tone={vault.secrets > 0 ? 'bad' : 'plain'}>{vault.kind === 'file' && !vault.open ? m.vault_locked() : m.vault_silent()}</Tag>
        )}
        <span className={styles.help}>
          {m.vault_holds({ count: vault.secrets, n: count })}
          {vault.takesNew ? ` · ${m.vault_takes_new()}` : ''}
        </span>
      </div>
      {vault.path === null ? null : (
        <span data-text className={styles.mono}>
          {vault.path}
        </span>
      )}
      {vault.trouble !== null && vault.open ? <p className={styles.help}>{vault.trouble}</p> : null}
      <div className={styles.row}>
        {vault.kind === 'file' && !vault.open ? (
          <Button onPress={openVaultQuestion}>{vault.exists ? m.vault_give() : m.vault_begin()}</Button>
        ) : null}
        {vault.kind === 'file' && vault.open ? (
          <Button isDisabled={locking.isPending} onPress={() => locking.mutate()}>
            {m.vault_lock()}
          </Button>
        ) : null}
        {elsewhere > 0 && vault.trouble === null ? <Button onPress={() => setAsking(true)}>{m.vault_move_here()}</Button> : null}
      </div>
      {moving.isError ? <ErrorNotice reason={moving.error} about={m.settings_vault()} /> : null}
      {locking.isError ? <ErrorNotice reason={locking.error} about={m.settings_vault()} /> : null}
      {asking ? (
        <ConfirmDialog
          title={m.vault_move_title()}
          confirmLabel={m.vault_move_confirm({ count: elsewhere, n: formatNumber(elsewhere, locale()) })}
          cancelLabel={m.cancel()}
          busy={moving.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() => moving.mutate(vault.kind)}
        >
          <p>{m.vault_move_body({ vault: name(vault.kind) })}</p>
        </ConfirmDialog>
      ) : null}
    </Block>
  );
}

function PassphraseBlock() {
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const client = useQueryClient();
  const changing = useMutation({
    ...changePassphrase,
    onSuccess: () => {
      setCurrent('');
      setFresh('');
      setAgain('');
      toast({ text: m.passphrase_changed() });
      void client.invalidateQueries({ queryKey: keys.vaults });
    },
  });
  const short = fresh !== '' && [...fresh].length < SHORTEST;
  const other = again !== '' && again !== fresh;
  const ready = current !== '' && fresh !== '' && !short && again === fresh;
  return (
    <Block title={m.passphrase_title()} why={m.passphrase_why()}>
      <form
        className={styles.section}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) changing.mutate({ current, fresh });
        }}
      >
        <TextField label={m.passphrase_current()} type="password" value={current} onChange={setCurrent} />
        <TextField
          label={m.passphrase_new()}
          type="password"
          value={fresh}
          onChange={setFresh}
          help={m.passphrase_help({ n: SHORTEST })}
          error={short ? m.passphrase_short({ n: SHORTEST }) : undefined}
        />
        <TextField
          label={m.passphrase_again()}
          type="password"
          value={again}
          onChange={setAgain}
          error={other ? m.passphrase_other() : undefined}
        />
        <div className={styles.row}>
          <Button type="submit" isDisabled={!ready || changing.isPending}>
            {m.passphrase_change()}
          </Button>
        </div>
        {changing.isError ? <ErrorNotice reason={changing.error} about={m.passphrase_title()} /> : null}
      </form>
    </Block>
  );
}
