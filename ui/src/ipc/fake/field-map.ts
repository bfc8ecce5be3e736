// What a sample becomes under a field map, as Rust would say it: the same words, with fewer formats of dates.
import type { MapFaultView, MapPreviewView } from '../bindings';
import { said } from './said';

type Row = Record<string, unknown>;
type Values = Record<string, unknown>;

/** Ends a row with what is wrong with it. */
class Fault extends Error {
  constructor(
    readonly code: string,
    readonly why: string,
    readonly parameters: Record<string, string> = {},
  ) {
    super(why);
  }
}

export function tryMap(map: string, sample: string): MapPreviewView {
  const whole = (code: string, what: string, why: string) => ({ row: null, why: said(code, `${what}: ${why}`, { why }) });
  let rows: unknown;
  try {
    rows = map.trim() === '' ? [] : JSON.parse(map);
  } catch {
    return { result: 'null', faults: [whole('xc-map-no-json', 'it is no JSON', 'expected value at line 1 column 2')] };
  }
  if (!Array.isArray(rows)) return { result: 'null', faults: [{ row: null, why: said('xc-map-no-list', 'it is no list of rows') }] };
  const isTried = sample.trim() !== '';
  let document: unknown;
  try {
    document = isTried ? JSON.parse(sample) : null;
  } catch {
    return { result: 'null', faults: [whole('xc-sample-no-json', 'the sample is no JSON', 'EOF while parsing an object at line 3 column 1')] };
  }
  if (rows.length === 0) return { result: JSON.stringify(document, null, 2), faults: [] };
  const result: Values = {};
  const faults: MapFaultView[] = [];
  const targets: string[] = [];
  for (const [at, row] of (rows as Row[]).entries()) {
    const target = String(row.target ?? '');
    try {
      check(row, target, targets);
      targets.push(target);
      const value = isTried ? valueOf(row, document) : undefined;
      if (value !== undefined) put(result, target.split('/'), value);
    } catch (wrong) {
      if (!(wrong instanceof Fault)) throw wrong;
      const head = target === '' ? `row ${at + 1} ` : `row ${at + 1} (${target}): `;
      faults.push({ row: at + 1, why: said(wrong.code, head + wrong.why, { row: String(at + 1), target, ...wrong.parameters }) });
    }
  }
  return { result: isTried && targets.length > 0 ? JSON.stringify(result, null, 2) : 'null', faults };
}

function check(row: Row, target: string, targets: readonly string[]): void {
  if (target === '' || target.split('/').includes('')) throw new Fault('xc-row-no-target', 'has no target');
  const isTaken = targets.some((other) => `${other}/`.startsWith(`${target}/`) || `${target}/`.startsWith(`${other}/`));
  if (isTaken) throw new Fault('xc-row-target-twice', `the target ${target} has a row already, or lies in one that has`);
  const pointer = typeof row.pointer === 'string' ? row.pointer : '';
  if (pointer !== '' && !pointer.startsWith('/')) throw new Fault('xc-row-pointer', `${pointer} is no JSON Pointer; it begins with /`, { pointer });
}

function valueOf(row: Row, document: unknown): unknown {
  const place = typeof row.pointer === 'string' ? row.pointer : 'template' in row ? 'the template' : 'the constant';
  const found = typeof row.pointer === 'string' ? lookUp(document, row.pointer) : typeof row.template === 'string' ? filled(row.template, document) : row.constant;
  const isThere = found !== undefined && found !== null && !(typeof found === 'string' && found.trim() === '');
  const value = isThere ? found : row.default;
  if (value === undefined) {
    if (row.required === true) throw new Fault('xc-row-missing', `nothing is at ${place}, and it is required`, { place });
    return undefined;
  }
  const made = formed(row, value);
  if (made === undefined) {
    const kind = String(row.type ?? 'text');
    const words: Record<string, string> = { text: 'no text', number: 'no number', date: 'no date of that format', list: 'no list of texts' };
    throw new Fault(`xc-row-no-${kind}`, `what is at ${place} is ${words[kind] ?? ''}`, { place });
  }
  return made;
}

function formed(row: Row, value: unknown): unknown {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  switch (row.type) {
    case 'number': {
      const plain = row.decimal === ',' ? text?.replaceAll('.', '').replace(',', '.') : text?.replaceAll(/,(?=\d{3})/g, '');
      return plain !== undefined && /^[-+]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
    }
    case 'date': {
      const day = row.format === '%d.%m.%Y' ? text?.replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, '$3-$2-$1') : text;
      return day !== undefined && /^\d{4}-\d\d-\d\d/.test(day) ? day : undefined;
    }
    case 'list':
      if (Array.isArray(value)) return value.map(String);
      return typeof row.separator === 'string' ? text?.split(row.separator).map((part) => part.trim()).filter(Boolean) : [text];
    default:
      return text;
  }
}

function lookUp(document: unknown, pointer: string): unknown {
  let here: unknown = document;
  for (const name of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Values)[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return here;
}

function filled(template: string, document: unknown): string | undefined {
  const values = [...template.matchAll(/\{([^{}]+)\}/g)].map(([, gap = '']) => lookUp(document, gap.startsWith('/') ? gap : `/${gap}`));
  if (values.some((value) => value === undefined)) return undefined;
  return template.replaceAll(/\{[^{}]+\}/g, () => String(values.shift()));
}

function put(result: Values, names: readonly string[], value: unknown): void {
  const [name = '', ...rest] = names;
  if (rest.length === 0) result[name] = value;
  else put((result[name] ??= {}) as Values, rest, value);
}
