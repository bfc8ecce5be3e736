import { expect, it } from 'vitest';
import type { AttributeView, FormView } from '@/ipc';
import { draftOf, problemsOf } from '@/domain/attributes';
import { formNames, toldForm, toldForms } from './told-apart';
import { helpFor, problemWords, roomWords } from './words';
import { wrongIn } from './wrong';

const text = (key: string, name: string, change: Partial<AttributeView> = {}): AttributeView => ({ key, name, kind: { type: 'text', longest: null, lines: false }, required: false, readOnly: false, most: 1, ...change });
const form = (id: string, name: string, ...attributes: AttributeView[]): FormView => ({ id, name, attributes });
const names = (attributes: readonly AttributeView[]) => attributes.map(({ name }) => name);

it('fields of one name have their place and their key, whatever their case and blanks, and others stay as they are', () => {
  const { attributes } = toldForm(form('1', 'Supplier', text('1_2', 'Vendor Number'), text('1_3', 'Country'), text('1_4', 'vendor  number ', { readOnly: true })));
  expect(names(attributes)).toEqual(['Vendor Number, 1 of 2', 'Country', 'vendor  number , 2 of 2']);
  expect(attributes.map((one) => helpFor(one))).toEqual(['Kept under the key 1_2.', undefined, 'Kept under the key 1_4.']);
  expect(attributes.map((one) => problemWords({ code: 'required' }, one))).toEqual(['Vendor Number, 1 of 2: A value is needed here.', 'A value is needed here.', 'vendor  number , 2 of 2: A value is needed here.']);
});

it('told fields are told once, and a field without a name is called by its key', () => {
  const once = toldForm(form('1', 'Supplier', text('1_2', 'Number'), text('1_3', 'Number'), text('1_4', ' ')));
  expect(names(once.attributes)).toEqual(['Number, 1 of 2', 'Number, 2 of 2', '1_4']);
  expect(toldForm(once).attributes).toEqual(once.attributes);
});

it('fields in the rows of a set are told apart among themselves', () => {
  const set = text('1_5', 'Contacts', { kind: { type: 'set', attributes: [text('a', 'Name'), text('b', 'Name'), text('c', 'Telephone')] }, most: 3 });
  const [, told] = toldForm(form('1', 'Supplier', text('1_2', 'Name'), set)).attributes;
  expect(told?.kind.type === 'set' && names(told.kind.attributes)).toEqual(['Name, 1 of 2', 'Name, 2 of 2', 'Telephone']);
  expect(told?.name).toBe('Contacts');
});

it('a field that another form has as well is called by its form too', () => {
  const [supplier, purchase] = toldForms([form('1', 'Supplier', text('1_2', 'Number'), text('1_3', 'Number'), text('1_4', 'Country')), form('2', 'Purchase', text('2_2', 'number'))]);
  expect(names(supplier?.attributes ?? [])).toEqual(['Supplier / Number, 1 of 2', 'Supplier / Number, 2 of 2', 'Country']);
  expect(names(purchase?.attributes ?? [])).toEqual(['Purchase / number']);
  expect(purchase?.attributes.map((one) => helpFor(one))).toEqual([undefined]);
});

it('forms of one name have their ids, in their fields too', () => {
  const forms = [form('8801', 'Vendor', text('a', 'Number')), form('8802', 'Vendor', text('b', 'Number')), form('8803', 'Class'), form('8804', '')];
  expect([...formNames(forms).values()]).toEqual(['Vendor (8801)', 'Vendor (8802)', 'Class', '8804']);
  expect(toldForms(forms).flatMap(({ attributes }) => names(attributes))).toEqual(['Vendor (8801) / Number', 'Vendor (8802) / Number']);
});

it('what is wrong is named in the order of the forms, with the row or the line that it is in', () => {
  const set = text('1_5', 'Contacts', { kind: { type: 'set', attributes: [text('a', 'Name', { required: true }), text('c', 'Telephone')] }, most: 3 });
  const many = text('1_6', 'Words', { kind: { type: 'text', longest: 3, lines: false }, most: 5 });
  const one = form('1', 'Supplier', text('1_2', 'Number', { required: true }), text('1_3', 'Number'), set, many);
  const before = draftOf(one.attributes, []);
  const line = (id: number, typed: string) => ({ lines: [{ id, text: typed }], rows: [] });
  const draft = {
    ...before,
    '1_5': { lines: [], rows: [{ id: 7, fields: { a: line(1, 'Ada'), c: line(2, '') } }, { id: 8, fields: { a: line(3, ''), c: line(4, '030') } }] },
    '1_6': { lines: [{ id: 5, text: 'one' }, { id: 6, text: 'three' }], rows: [] },
  };
  const filled = { form: one, draft, problems: problemsOf(one.attributes, before, draft) };
  expect(wrongIn([filled]).map(({ at, name }) => [at, name])).toEqual([['1_2', 'Number, 1 of 2'], ['1_5.8.a', 'Contacts, row 2 / Name'], ['1_6.6', 'Words 2']]);
  const other = form('2', 'Purchase', text('2_2', 'Ordered', { required: true }));
  const empty = draftOf(other.attributes, []);
  expect(wrongIn([filled, { form: other, draft: empty, problems: problemsOf(other.attributes, empty, empty) }]).map(({ name }) => name)).toEqual([
    'Supplier / Number, 1 of 2', 'Supplier / Contacts, row 2 / Name', 'Supplier / Words 2', 'Purchase / Ordered',
  ]);
});

it.each([
  [254, 0, undefined],
  [254, 203, undefined],
  [254, 204, '50 characters left.'],
  [254, 253, '1 character left.'],
  [254, 254, 'All 254 characters are taken.'],
  [254, 255, undefined],
  [3, 2, undefined],
  [3, 3, 'All 3 characters are taken.'],
])('of %i characters %i taken: %s', (longest, taken, words) => {
  const field = text('a', 'A', { kind: { type: 'text', longest, lines: false } });
  expect(roomWords(field, 'x'.repeat(taken))).toBe(words);
  // A sign that takes two units is one character.
  expect(roomWords(field, '𝄞'.repeat(taken))).toBe(words);
});
