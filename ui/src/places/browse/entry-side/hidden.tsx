import type { FailureView } from '@/ipc';
import { Callout } from '@/kit/callout';
import { describeFailure, m } from '@/messages';
import { Detail } from '@/parts/error-notice';

/** Something may be there, and was not shown. */
export function Hidden({ failure, name, place }: { failure: FailureView; name: string; place: string }) {
  const text = describeFailure(failure, { name, source: place, destination: place });
  return (
    <Callout tone="warn" title={m.entry_hidden_title()}>
      <p>{m.entry_hidden_body({ place })}</p>
      <Detail text={text.detail} />
    </Callout>
  );
}
