import { useNavigate } from '@tanstack/react-router';
import { Callout } from '@/kit/callout';
import { Button } from '@/kit/button';
import type { TransferView } from '@/ipc';
import { describeFailure, endName, isVaultClosedFailure, m, type Remedy } from '@/messages';
import { Detail } from './error-notice';
import { openAttention, openVaultQuestion } from './open-dialog';
import { settingsLabel, useSettingsWay } from './settings-ways';

/** Why a transfer waits, asks or failed, with the buttons that mend it. */
export function FailureNotice({
  transfer,
  attention,
  onRetry,
  retryKey,
}: {
  transfer: TransferView;
  /** The open question that stops it. */
  attention: string | null;
  onRetry: (() => void) | null;
  /** The key that tries again. */
  retryKey?: string;
}) {
  const navigate = useNavigate();
  const toSettings = useSettingsWay();
  const { failure } = transfer;
  if (!failure) return null;
  const closed = isVaultClosedFailure(failure);
  const text = describeFailure(failure, {
    name: transfer.name,
    source: endName(transfer.source),
    destination: endName(transfer.destination),
  });
  const end = failure.side === 'source' ? transfer.source : transfer.destination;
  const buttons: Record<Remedy, (() => void) | null> = {
    retry: onRetry,
    connection: end.connection === null ? null : () => void navigate({ to: '/connections', search: { chosen: end.connection } }),
    answer: attention !== null ? () => openAttention(attention) : closed ? openVaultQuestion : null,
    secrets: () => toSettings('secrets'),
    network: () => toSettings('network'),
  };
  const labels: Record<Remedy, () => string> = { retry: m.act_retry, connection: m.open_connection, answer: closed ? m.shell_vault_open : m.act_answer, secrets: () => settingsLabel('secrets'), network: () => settingsLabel('network') };
  // An open question is the way on, whatever kind of failure raised it; trying again would only ask it again.
  const others = text.remedies.filter((remedy) => remedy !== 'answer' && remedy !== 'retry');
  const remedies: readonly Remedy[] = attention === null ? text.remedies : ['answer', ...others];
  return (
    <Callout
      tone={text.tone}
      title={text.title}
      actions={remedies.map((remedy) => {
        const run = buttons[remedy];
        return run === null ? null : (
          <Button key={remedy} shortcut={remedy === 'retry' ? retryKey : undefined} onPress={run}>
            {labels[remedy]()}
          </Button>
        );
      })}
    >
      <p>{text.body}</p>
      <Detail text={text.detail} />
    </Callout>
  );
}
