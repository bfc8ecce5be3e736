// The metadata that a send gave to its file, in the words of the connection that got it.
import { useQuery } from '@tanstack/react-query';
import { shownName } from '@/domain/path';
import type { AttributeValueView, AttributeView, FormOfEntryView, GivenFormView, TransferDetailsView, TransferView } from '@/ipc';
import { Section } from '@/kit/section';
import { m } from '@/messages';
import { filledLines, FormShown } from '@/parts/forms';
import { forms as formsQuery } from '@/queries';
import styles from './transfer-side.module.css';

/** The forms with the fields that were given. As long as the connection does not answer, the keys stand for the names. */
export function useGiven(transfer: TransferView, details: TransferDetailsView): FormOfEntryView[] {
  const connection = transfer.destination.connection;
  const known = useQuery(formsQuery(connection ?? '', connection !== null && details.metadata.length > 0)).data ?? [];
  return details.metadata.map((given) => {
    const form = known.find((one) => one.id === given.form);
    const attributes = form?.attributes.filter(({ key }) => given.values.some((value) => value.key === key));
    return attributes?.length === given.values.length && form ? { form: { ...form, attributes }, values: given.values } : byKeys(given, form?.name);
  });
}

/** What is known without the connection. */
function byKeys({ form, values }: GivenFormView, name = form): FormOfEntryView {
  return { form: { id: form, name, attributes: values.map(({ key, value }) => field(key, value)) }, values };
}

function field(key: string, value: AttributeValueView): AttributeView {
  const one = { key, name: key, required: false, readOnly: false, most: 1 };
  if (value.type !== 'rows') return { ...one, kind: { type: 'text', longest: null, lines: value.type === 'one' && value.value.includes('\n') } };
  const columns = new Map(value.rows.flat().map((cell) => [cell.key, field(cell.key, cell.value)]));
  return { ...one, kind: { type: 'set', attributes: [...columns.values()] } };
}

/** “Agreement / Value: 12,000”, a line for each field. */
export function linesOfGiven(given: readonly FormOfEntryView[]): string[] {
  return given.flatMap((one) => filledLines(one).map((line) => `${shownName(one.form.name)} / ${line}`));
}

export function GivenMetadata({ transfer, details }: { transfer: TransferView; details: TransferDetailsView }) {
  const given = useGiven(transfer, details);
  if (given.length === 0) return null;
  return (
    <Section title={m.side_metadata()}>
      {given.map((one) => (
        <div key={one.form.id} className={styles.given}>
          <h4>{shownName(one.form.name)}</h4>
          <FormShown filled={one} />
        </div>
      ))}
    </Section>
  );
}
