import { toIpcError } from '@/ipc';
import { Callout } from '@/kit/callout';
import { describeError, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';

/** A refused form. Which field is meant the remote alone knows, so its own words stand there at once. */
export function Refusal({ reason, place }: { reason: unknown; place: string }) {
  const error = toIpcError(reason);
  if (error.code !== 'remote' || error.failure.kind !== 'invalid') return <ErrorNotice reason={reason} about={place} />;
  return (
    <Callout tone="bad" title={describeError(error, place).title} live>
      <p>{m.form_refused()}</p>
      <p data-text>{error.failure.message}</p>
    </Callout>
  );
}
