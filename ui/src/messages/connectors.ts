// The words of connectors: their forms, and what they and the desk say. English comes with the connector from Rust; other languages lie beside this file, and
// a test of the shell compares them with the connectors that there are.
import type { ConnectorSpecView, SaidView } from '@/ipc';
import { getLocale } from './compiled/runtime';
import german from './connectors.de.json';

interface Words {
  title?: string;
  summary?: string;
  phrases: Record<string, string>;
  fields?: Record<string, { label: string; help: string; choices?: Record<string, string> }>;
}

/** What the desk itself says stands under this name among the connectors. */
const DESK = 'desk';

const LANGUAGES: Partial<Record<string, Record<string, Words>>> = { de: german };

/** A connector in the reader's language. What has no words of its own stays as the connector says it. */
export function inWords(spec: ConnectorSpecView): ConnectorSpecView {
  const words = LANGUAGES[getLocale()]?.[spec.kind];
  if (!words?.fields) return spec;
  const known = words.fields;
  const fields = spec.fields.map((field) => {
    const own = known[field.key];
    if (!own) return field;
    const { kind } = field;
    const named =
      kind.type === 'choice'
        ? { ...kind, choices: kind.choices.map((choice) => ({ ...choice, label: own.choices?.[choice.value] ?? choice.label })) }
        : kind;
    return { ...field, label: own.label, help: own.help, kind: named };
  });
  return { ...spec, title: words.title ?? spec.title, summary: words.summary ?? spec.summary, fields };
}

/** A sentence of a connector of this kind, or of the desk, in the reader's language; without words for it, in English. */
export function sayIn(kind: string | null, said: SaidView): string {
  if (said.code === null) return said.text;
  const words = LANGUAGES[getLocale()];
  const template = (kind === null ? undefined : words?.[kind]?.phrases[said.code]) ?? words?.[DESK]?.phrases[said.code];
  if (template === undefined) return said.text;
  return template.replaceAll(/\{(\w+)\}/g, (_, key: string) => said.parameters.find((one) => one.key === key)?.value ?? '');
}
