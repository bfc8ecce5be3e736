import { useQuery } from '@tanstack/react-query';
import type { AbilitiesView, EntryDetailsView, EntryView, PlaceView } from '@/ipc';
import { Callout } from '@/kit/callout';
import { KeyValues } from '@/kit/key-values';
import { Section } from '@/kit/section';
import { Skeleton } from '@/kit/skeleton';
import { m } from '@/messages';
import { shownName } from '@/domain/path';
import { ErrorNotice } from '@/parts/error-notice';
import { entryDetails } from '@/queries';
import { factsOf } from './facts';
import { Forms } from './forms';
import { Hidden } from './hidden';
import { Records } from './records';
import { Tags } from './tags';

/** What a listing tells at once, and what the remote tells when it is asked. */
export function Details({
  place,
  entry,
  connectionName,
  kind,
  abilities,
  onChanged,
}: {
  place: PlaceView;
  entry: EntryView;
  connectionName: string;
  kind: string;
  abilities: AbilitiesView;
  onChanged: () => void;
}) {
  const asks = entry.kind === 'file' && entry.addressable && (abilities.metadata || abilities.records);
  const told = useQuery({ ...entryDetails(place), enabled: asks });
  return (
    <>
      {entry.addressable ? null : (
        <Callout tone="warn" title={m.entry_unspelled_title()}>
          <p>{m.entry_unspelled_body()}</p>
        </Callout>
      )}
      {entry.kind === 'other' ? (
        <Callout tone="warn" title={m.entry_other_title()}>
          <p>{m.entry_other_body()}</p>
        </Callout>
      ) : null}
      <KeyValues pairs={factsOf(entry, connectionName, kind, abilities.columns)} />
      {abilities.forms && entry.addressable ? <Forms place={place} name={entry.name} connectionName={connectionName} onChanged={onChanged} /> : null}
      {asks && told.isPending ? <Skeleton label={m.entry_asking({ place: connectionName })} lines={4} /> : null}
      {told.isError ? <ErrorNotice reason={told.error} about={connectionName} /> : null}
      {told.data ? <Told told={told.data} place={place} connectionName={connectionName} /> : null}
    </>
  );
}

function Told({ told, place, connectionName }: { told: EntryDetailsView; place: PlaceView; connectionName: string }) {
  const { metadata, records } = told;
  return (
    <>
      {told.metadataHidden ? <Hidden failure={told.metadataHidden} name={told.entry.name} place={connectionName} /> : null}
      {metadata ? (
        <Section title={m.entry_metadata()}>
          <KeyValues
            pairs={[
              ...pair('type', m.entry_type(), metadata.contentType),
              ...pair('class', m.entry_class(), metadata.storageClass),
              ...pair('encryption', m.entry_encryption(), metadata.encryption),
              ...pair('key', m.entry_encryption_key(), metadata.encryptionKey),
              ...metadata.metadata.map(({ key, value }) => ({ key: `m-${key}`, label: shownName(key), value: shownName(value), mono: true, title: shownName(value) })),
            ]}
          />
        </Section>
      ) : null}
      {metadata ? <Tags place={place} metadata={metadata} limits={told.tagLimits} connectionName={connectionName} /> : null}
      {records ? <Records place={place} records={records} name={told.entry.name} connectionName={connectionName} /> : null}
    </>
  );
}

function pair(key: string, label: string, value: string | null) {
  return value === null ? [] : [{ key, label, value: shownName(value) }];
}
