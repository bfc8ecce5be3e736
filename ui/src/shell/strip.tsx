import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ShellView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { cx } from '@/kit/class-names';
import { toast } from '@/kit/toast';
import { m } from '@/messages';
import { useBusy } from '@/parts/busy';
import { Detail, tellError } from '@/parts/error-notice';
import { openVaultQuestion, useOpenDialog } from '@/parts/open-dialog';
import { about, shell, tryGraphics } from '@/queries';
import styles from './strip.module.css';

type Safe = NonNullable<ShellView['safeGraphics']>;

const SAFE: { [Reason in Safe]: () => string } = {
  asked: m.shell_safe_asked,
  'earlier-start': m.shell_safe_earlier_start,
  'not-painted': m.shell_safe_not_painted,
  remembered: m.shell_safe_remembered,
};

/** What is to be known about the desk itself, above every place: a sentence each, gone when it is over. */
export function Strip() {
  const now = useQuery(shell).data;
  const busy = useBusy();
  const locked = useQuery(about).data?.needsPassphrase ?? false;
  const asks = useOpenDialog()?.kind === 'vault';
  const lines = [
    busy ? <Line key="busy" tone="warn" text={m.shell_busy()} /> : null,
    now ? <EngineLine key="engine" engine={now.engine} /> : null,
    locked && !asks ? (
      <Line key="vault" tone="warn" text={m.shell_vault()}>
        <Button tone="quiet" onPress={openVaultQuestion}>
          {m.shell_vault_open()}
        </Button>
      </Line>
    ) : null,
    now?.safeGraphics ? <GraphicsLine key="graphics" reason={now.safeGraphics} /> : null,
  ];
  return (
    <div className={styles.strip} role="status" aria-label={m.shell_status()}>
      {lines}
    </div>
  );
}

/** The lines that cannot wait until a dialog is closed: why nothing answers, and why nothing moves. */
export function Pressing() {
  const now = useQuery(shell).data;
  return (
    <>
      {useBusy() ? <Line tone="warn" text={m.shell_busy()} /> : null}
      {now?.engine.state === 'down' ? <EngineLine engine={now.engine} /> : null}
    </>
  );
}

function EngineLine({ engine }: { engine: ShellView['engine'] }) {
  if (engine.state === 'elsewhere') return <Line tone="plain" text={m.shell_elsewhere()} />;
  if (engine.state !== 'down') return null;
  return (
    <Line tone="bad" text={m.shell_down()}>
      <Detail text={engine.reason} />
    </Line>
  );
}

function GraphicsLine({ reason }: { reason: Safe }) {
  const [seen, setSeen] = useState(false);
  const trying = useMutation({
    ...tryGraphics,
    onSuccess: () => {
      toast({ text: m.shell_safe_tried() });
      setSeen(true);
    },
    onError: (error) => tellError(error, m.this_computer()),
  });
  if (seen) return null;
  return (
    <Line tone="plain" text={SAFE[reason]()} onDismiss={() => setSeen(true)}>
      {reason === 'asked' ? null : (
        <Button tone="quiet" isDisabled={trying.isPending} onPress={() => trying.mutate()}>
          {m.shell_safe_try()}
        </Button>
      )}
    </Line>
  );
}

const ICONS = { plain: Info, warn: TriangleAlert, bad: CircleAlert };

function Line({
  tone,
  text,
  children,
  onDismiss,
}: {
  tone: keyof typeof ICONS;
  text: string;
  children?: ReactNode;
  onDismiss?: () => void;
}) {
  const Icon = ICONS[tone];
  return (
    <div className={cx(styles.line, styles[tone])}>
      <Icon aria-hidden size={15} strokeWidth={1.75} className={styles.icon} />
      <span className={styles.text}>{text}</span>
      {children || onDismiss ? (
        <div className={styles.acts}>
          {children}
          {onDismiss ? (
            <IconButton label={m.toast_dismiss()} onPress={onDismiss}>
              <X aria-hidden size={15} />
            </IconButton>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
