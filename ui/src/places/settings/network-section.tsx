import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { NetworkDraftView, NetworkView, ProxyModeView } from '@/ipc';
import { toIpcError } from '@/ipc';
import { Button } from '@/kit/button';
import { TextField } from '@/kit/field';
import { Segmented } from '@/kit/segmented';
import { toast } from '@/kit/toast';
import { m, sayIn, sentence } from '@/messages';
import { pickPaths, setNetwork } from '@/queries';
import { Block, Choice } from './block';
import type { SectionProps } from './section-props';
import styles from './settings.module.css';
import { Refused } from './use-saved';

function draftOf({ proxy, url, user, noProxy, caFile }: NetworkView): NetworkDraftView {
  return { proxy, url, user, password: null, noProxy, caFile };
}

/** Proxy and certificates are right or wrong only together, so they are saved together, and checked before. */
export function NetworkSection({ settings }: SectionProps) {
  const { network } = settings;
  const [draft, setDraft] = useState<NetworkDraftView | null>(null);
  const now = draft ?? draftOf(network);
  const change = (part: Partial<NetworkDraftView>) => setDraft({ ...now, ...part });
  const saving = useMutation({
    ...setNetwork,
    onSuccess: () => {
      setDraft(null);
      toast({ text: m.network_saved() });
    },
  });
  const picking = useMutation({
    ...pickPaths,
    onSuccess: ([path]) => {
      if (path) change({ caFile: path });
    },
  });
  const error = saving.isError ? toIpcError(saving.error) : null;
  const wrong = (key: string) => {
    const problem = error?.code === 'settings' ? error.problems.find((one) => one.key === key) : undefined;
    return problem ? sentence(problem.said ? sayIn(null, problem.said) : problem.reason) : undefined;
  };
  const modes: { id: ProxyModeView; label: string }[] = [
    { id: 'system', label: m.network_proxy_system() },
    { id: 'none', label: m.network_proxy_none() },
    { id: 'manual', label: m.network_proxy_manual() },
  ];
  return (
    <form
      className={styles.section}
      onSubmit={(event) => {
        event.preventDefault();
        saving.mutate(now);
      }}
    >
      <Block title={m.network_proxy()} why={m.network_why()}>
        <Choice label={m.network_proxy_which()} help={now.proxy === 'system' ? m.network_proxy_system_help() : m.network_proxy_help()}>
          <Segmented label={m.network_proxy_which()} segments={modes} chosen={now.proxy} onChoose={(proxy) => change({ proxy })} />
        </Choice>
        {now.proxy === 'manual' ? (
          <>
            <TextField
              label={m.network_url()}
              help={m.network_url_help()}
              placeholder="http://proxy.example.com:8080"
              mono
              value={now.url}
              error={wrong('url')}
              onChange={(url) => change({ url })}
            />
            <TextField label={m.network_user()} help={m.network_user_help()} value={now.user} error={wrong('user')} onChange={(user) => change({ user })} />
            <TextField
              label={m.network_password()}
              help={network.hasPassword && now.password === null ? m.network_password_kept() : m.network_password_help()}
              type="password"
              value={now.password ?? ''}
              onChange={(password) => change({ password })}
            />
            <TextField
              label={m.network_except()}
              help={m.network_except_help()}
              placeholder="10.0.0.0/8, .example.com"
              mono
              value={now.noProxy}
              error={wrong('no_proxy')}
              onChange={(noProxy) => change({ noProxy })}
            />
          </>
        ) : null}
      </Block>
      <Block title={m.network_ca()} why={m.network_ca_why()}>
        <TextField
          label={m.network_ca_file()}
          help={m.network_ca_help()}
          mono
          value={now.caFile}
          error={wrong('ca_file')}
          onChange={(caFile) => change({ caFile })}
          beside={<Button onPress={() => picking.mutate('file')}>{m.choose()}</Button>}
        />
      </Block>
      {error && error.code !== 'settings' ? <Refused reason={saving.error} name={m.settings_network()} /> : null}
      <div className={styles.row}>
        <Button tone="go" type="submit" isDisabled={draft === null || saving.isPending}>
          {m.settings_save()}
        </Button>
        <Button isDisabled={draft === null} onPress={() => setDraft(null)}>
          {m.settings_discard()}
        </Button>
        <span className={styles.beside}>{m.network_save_help()}</span>
      </div>
    </form>
  );
}
