// Forms of the fake desk: what entries of a library and of a repository carry, and a remote that refuses where a test asks for it.
import type { AttributeKindView, AttributeValueView, AttributeView, ExpectedFormView, FilledFormDraft, FormOfEntryView, FormView, NamedValueView, PlaceView } from '../bindings';
import type { FormCalls } from '../ports/entry';
import type { FakeFolders } from './browse';
import { type FakeCore, refuse } from './core';

function attribute(key: string, name: string, kind: AttributeKindView, change: Partial<AttributeView> = {}): AttributeView {
  return { key, name, kind, required: false, readOnly: false, most: 1, ...change };
}

const text = (longest: number | null = null, lines = false): AttributeKindView => ({ type: 'text', longest, lines });
const choice = (...values: string[]): AttributeKindView => ({ type: 'choice', values });

const CONTRACT: FormView = {
  id: '8801',
  name: 'Contract',
  attributes: [
    attribute('title', 'Title', text(60), { required: true }),
    attribute('number', 'Contract number', { type: 'integer' }, { required: true }),
    attribute('file', 'File reference', text(), { readOnly: true }),
    attribute('type', 'Type', choice('Supply', 'Lease', 'Licence', 'Non-disclosure'), { required: true }),
    attribute('value', 'Value in EUR', { type: 'decimal' }),
    attribute('signed', 'Signed', { type: 'flag' }),
    attribute('from', 'Valid from', { type: 'date' }),
    attribute('reviewed', 'Reviewed', { type: 'moment' }),
    attribute('owner', 'Responsible', { type: 'person' }),
    attribute('keywords', 'Keywords', text(24), { most: 5 }),
    attribute('notes', 'Notes', text(400, true)),
    attribute('parties', 'Parties', {
      type: 'set',
      attributes: [attribute('name', 'Name', text(80), { required: true }), attribute('role', 'Role', choice('Buyer', 'Seller', 'Guarantor')), attribute('share', 'Share', { type: 'decimal' })],
    }, { most: 4 }),
  ],
};

const RETENTION: FormView = {
  id: '8802',
  name: 'Retention',
  attributes: [
    attribute('class', 'Class', choice('6 years', '10 years', 'For good'), { required: true }),
    attribute('event', 'Begins with', { type: 'date' }),
    attribute('hold', 'On hold', { type: 'flag' }),
  ],
};

const REVIEW: FormView = { id: '8803', name: 'Legal review', attributes: [attribute('reviewer', 'Reviewer', { type: 'person' }, { required: true }), attribute('opinion', 'Opinion', text(2000, true))] };

/** Two fields of one name, one of them required, beside a form that has one more. */
const SUPPLIER: FormView = {
  id: '8811',
  name: 'Supplier',
  attributes: [
    attribute('8811_2', 'Vendor Number', text(10), { required: true }),
    attribute('8811_3', 'Vendor Number', text(254)),
    attribute('8811_4', 'Contacts', { type: 'set', attributes: [attribute('8811_4_x_5', 'Name', text(80), { required: true }), attribute('8811_4_x_6', 'Telephone', text(32))] }, { most: 3 }),
  ],
};

const PURCHASE: FormView = { id: '8812', name: 'Purchase', attributes: [attribute('8812_2', 'Vendor Number', text(10), { required: true }), attribute('8812_3', 'Ordered', { type: 'date' })] };

const FIELDS: FormView = {
  id: 'custom',
  name: 'Custom fields',
  attributes: [
    attribute('description', 'Description', text(null, true)),
    attribute('photographer', 'Photographer', text(80)),
    attribute('campaign', 'Campaign', choice('Brand 2027', 'Spring', 'Trade fair')),
    attribute('keyword', 'Keywords', text(40), { most: 12 }),
    attribute('release', 'Model release', { type: 'flag' }),
  ],
};

const FORMS: Record<string, readonly FormView[]> = { xecm: [CONTRACT, RETENTION, REVIEW], canto: [FIELDS] };

const one = (key: string, value: string): NamedValueView => ({ key, value: { type: 'one', value } });
const many = (key: string, ...values: string[]): NamedValueView => ({ key, value: { type: 'many', values } });

const FILLED: Record<string, readonly { form: FormView; values: NamedValueView[] }[]> = {
  '/Contracts/Framework agreement Lumen.pdf': [
    {
      form: CONTRACT,
      values: [
        one('title', 'Framework agreement with Lumen Optics'), one('number', '4711'), one('file', 'K-2026/0412'), one('type', 'Supply'), one('value', '1250000.00'),
        one('signed', 'true'), one('from', '2026-04-01'), one('reviewed', '2026-11-03T09:30:00Z'), one('owner', 'm.okafor'), many('keywords', 'optics', 'framework'),
        one('notes', 'Prices are fixed until the end of 2027.\nExtends by a year unless it is ended three months before.'),
        { key: 'parties', value: { type: 'rows', rows: [[one('name', 'Northwind GmbH'), one('role', 'Buyer'), one('share', '60')], [one('name', 'Lumen Optics B.V.'), one('role', 'Seller'), one('share', '40')]] } },
      ],
    },
    { form: RETENTION, values: [one('class', '10 years'), one('event', '2028-01-01'), one('hold', 'false')] },
  ],
  '/Brand 2027/Key visual, harbour at dawn.tif': [
    { form: FIELDS, values: [one('description', 'The harbour from the north mole, first light.'), one('photographer', 'Ines Duarte'), one('campaign', 'Brand 2027'), many('keyword', 'harbour', 'dawn', 'crane'), one('release', 'false')] },
  ],
};

/** What folders ask of the files that are put into them. */
const EXPECTED: Record<string, readonly ExpectedFormView[]> = {
  '/Contracts/Drafts': [
    { form: RETENTION, given: [one('class', '6 years'), one('hold', 'false')], lacks: false },
    { form: REVIEW, given: [one('opinion', 'Not reviewed yet.')], lacks: true },
  ],
  '/Personnel': [{ form: RETENTION, given: [one('class', '10 years'), one('event', '2027-01-01')], lacks: false }],
};

const isEmpty = (value: AttributeValueView): boolean => (value.type === 'one' ? value.value === '' : value.type === 'many' ? value.values.length === 0 : value.rows.length === 0);

export class FakeForms implements FormCalls {
  readonly #core: FakeCore;
  readonly #folders: FakeFolders;
  readonly #carried = new Map<string, FormOfEntryView[]>();
  /** Everything that was sent. */
  readonly fills: { place: PlaceView; form: FilledFormDraft }[] = [];
  /** Forms that there are beside those of the day. */
  readonly more: FormView[] = [];
  /** What folders ask for beside those of the day, by path. */
  readonly expected = new Map<string, readonly ExpectedFormView[]>();
  /** The folders that were asked about. */
  readonly asked: PlaceView[] = [];
  /** What the entry at a path is refused with. */
  readonly refused = new Map<string, string>();

  constructor(core: FakeCore, folders: FakeFolders) {
    this.#core = core;
    this.#folders = folders;
  }

  /** Lets a folder ask for forms with fields of one name. */
  askAlike(folder: string): void {
    this.more.push(SUPPLIER, PURCHASE);
    this.expected.set(folder, [SUPPLIER, PURCHASE].map((form) => ({ form, given: [], lacks: true })));
  }

  #of(place: PlaceView): FormOfEntryView[] {
    const key = `${place.connection ?? ''}:${place.path}`;
    const known = this.#carried.get(key) ?? structuredClone(FILLED[place.path] ?? []) as FormOfEntryView[];
    this.#carried.set(key, known);
    return known;
  }

  #all(connection: string | null): readonly FormView[] {
    return [...(FORMS[this.#folders.kindOf(connection)] ?? []), ...this.more];
  }

  forms = async (connection: string): Promise<FormView[]> => {
    this.#core.check('forms');
    return [...this.#all(connection)];
  };

  #expectedAt(folder: PlaceView): readonly ExpectedFormView[] {
    const known = this.#all(folder.connection);
    const asked = this.expected.get(folder.path) ?? EXPECTED[folder.path] ?? [];
    return asked.filter(({ form }) => known.some(({ id }) => id === form.id));
  }

  formsExpected = async (folder: PlaceView): Promise<ExpectedFormView[]> => {
    this.asked.push(folder);
    this.#core.check('formsExpected');
    return structuredClone(this.#expectedAt(folder)) as ExpectedFormView[];
  };

  /** Files that were sent carry what comes with their folder, and what the send gave them. */
  arrive(folder: PlaceView, sources: readonly string[], forms: readonly FilledFormDraft[]): void {
    for (const source of sources) {
      const path = `${folder.path.replace(/\/$/, '')}/${source.split('/').pop() ?? ''}`;
      const carried: FormOfEntryView[] = this.#expectedAt(folder).map(({ form, given }) => ({ form, values: [...given] }));
      for (const draft of forms) this.#fill(folder.connection, carried, draft);
      if (carried.length > 0) this.#carried.set(`${folder.connection ?? ''}:${path}`, carried);
    }
  }

  #fill(connection: string | null, carried: FormOfEntryView[], draft: FilledFormDraft): void {
    const form = this.#all(connection).find((known) => known.id === draft.form) ?? refuse({ code: 'not-here', what: draft.form });
    if (!carried.some((filled) => filled.form.id === form.id)) carried.push({ form, values: [] });
    for (const filled of carried)
      if (filled.form.id === form.id) filled.values = [...filled.values.filter((old) => !draft.values.some((fresh) => fresh.key === old.key)), ...draft.values.filter((fresh) => !isEmpty(fresh.value))];
  }

  entryForms = async (place: PlaceView): Promise<FormOfEntryView[]> => {
    this.#core.check('entryForms');
    return this.#of(place).map((filled) => ({ ...filled, values: [...filled.values] }));
  };

  fillForm = async (place: PlaceView, draft: FilledFormDraft): Promise<null> => {
    this.fills.push({ place, form: draft });
    this.#core.check('fillForm');
    const message = this.refused.get(place.path);
    if (message !== undefined) refuse({ code: 'remote', failure: { kind: 'invalid', side: 'destination', message, code: '400' } });
    this.#fill(place.connection, this.#of(place), draft);
    return null;
  };

  takeOffForm = async (place: PlaceView, form: string): Promise<null> => {
    this.#core.check('takeOffForm');
    const left = this.#of(place).filter((filled) => filled.form.id !== form);
    this.#carried.set(`${place.connection ?? ''}:${place.path}`, left);
    return null;
  };
}
