// The words of connector forms. English comes with the connector from Rust; other languages lie beside this file, and
// a test of the shell compares them with the connectors that there are.
import type { ConnectorSpecView } from '@/ipc';
import { getLocale } from './compiled/runtime';
import german from './connectors.de.json';

interface Words {
  title: string;
  summary: string;
  fields: Record<string, { label: string; help: string; choices?: Record<string, string> }>;
}

const LANGUAGES: Partial<Record<string, Record<string, Words>>> = { de: german };

/** A connector in the reader's language. What has no words of its own stays as the connector says it. */
export function inWords(spec: ConnectorSpecView): ConnectorSpecView {
  const words = LANGUAGES[getLocale()]?.[spec.kind];
  if (!words) return spec;
  const fields = spec.fields.map((field) => {
    const own = words.fields[field.key];
    if (!own) return field;
    const { kind } = field;
    const named =
      kind.type === 'choice'
        ? { ...kind, choices: kind.choices.map((choice) => ({ ...choice, label: own.choices?.[choice.value] ?? choice.label })) }
        : kind;
    return { ...field, label: own.label, help: own.help, kind: named };
  });
  return { ...spec, title: words.title, summary: words.summary, fields };
}
