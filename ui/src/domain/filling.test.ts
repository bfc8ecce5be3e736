import { expect, it } from 'vitest';
import type { AttributeView, FormView } from '@/ipc';
import { countProblems, filledDrafts, fillingIn, firstMissing, formsToFill, touchedBy, type Touched } from './filling';

const text = (key: string, required = false): AttributeView => ({ key, name: key, kind: { type: 'text', longest: null, lines: false }, required, readOnly: false, most: 1 });
const one = (key: string, value: string) => ({ key, value: { type: 'one' as const, value } });
const form = (id: string, ...attributes: AttributeView[]): FormView => ({ id, name: id, attributes });

const VENDOR = form('vendor', text('number', true), text('country'));
const CLASS = form('class', text('years', true));
const EXPECTED = [
  { form: CLASS, given: [one('years', '10')], lacks: false },
  { form: VENDOR, given: [one('country', 'DE')], lacks: true },
];

const typed = (touched: Touched, forms: ReturnType<typeof formsToFill>, id: string, key: string, value: string): Touched => {
  const found = fillingIn(forms, touched).find((one_) => one_.form.id === id);
  if (!found) throw new Error(`there is no form ${id}`);
  return touchedBy(found, { ...found.draft, [key]: { lines: [{ id: 1, text: value }], rows: [] } }, touched);
};

it('a form that lacks something comes first, and its empty field is the first that is missing', () => {
  const now = fillingIn(formsToFill(EXPECTED, []), {});
  expect(now.map((one_) => one_.form.id)).toEqual(['vendor', 'class']);
  expect(firstMissing(now)).toEqual({ form: 'vendor', key: 'number' });
  expect(countProblems(now)).toBe(1);
  expect(filledDrafts(now)).toEqual([]);
});

it('what comes with the folder is sent only where it was changed, and what was put back is not', () => {
  const forms = formsToFill(EXPECTED, []);
  const filled = typed({}, forms, 'vendor', 'number', 'V-1');
  expect(filledDrafts(fillingIn(forms, filled))).toEqual([{ form: 'vendor', values: [one('number', 'V-1')] }]);
  const other = typed(filled, forms, 'vendor', 'country', 'FR');
  expect(filledDrafts(fillingIn(forms, other))).toEqual([{ form: 'vendor', values: [one('number', 'V-1'), one('country', 'FR')] }]);
  expect(filledDrafts(fillingIn(forms, typed(other, forms, 'vendor', 'country', 'DE')))).toEqual([{ form: 'vendor', values: [one('number', 'V-1')] }]);
});

it('what was typed stays where another folder gives other values', () => {
  const touched = typed({}, formsToFill(EXPECTED, []), 'vendor', 'number', 'V-1');
  const elsewhere = formsToFill([{ form: VENDOR, given: [one('country', 'SE')], lacks: true }], []);
  const [vendor] = fillingIn(elsewhere, touched);
  expect(vendor?.draft['country']?.lines[0]?.text).toBe('SE');
  expect(filledDrafts(fillingIn(elsewhere, touched))).toEqual([{ form: 'vendor', values: [one('number', 'V-1')] }]);
});

it('a form that was added is sent though nothing stands in it, and once where the folder asks for it as well', () => {
  const label = form('label', text('words'));
  const now = fillingIn(formsToFill(EXPECTED, [label, VENDOR]), {});
  expect(now.map((one_) => [one_.form.id, one_.added])).toEqual([['vendor', false], ['class', false], ['label', true]]);
  expect(filledDrafts(now)).toEqual([{ form: 'label', values: [] }]);
});
