import { expect, it } from 'vitest';
import { specs } from '@/ipc/fake/specs';
import { defaultsOf, isFolded, leadsOf, missing, signInKept, toDraft } from './form';

const sftp = specs.find((spec) => spec.kind === 'sftp');
if (!sftp) throw new Error('there is no SFTP form');

it('a secret is sent apart from the settings', () => {
  const values = { ...defaultsOf(sftp), host: 'h', user: 'u', password: 'canary' };
  const draft = toDraft(sftp, ' north ', values);
  expect(draft.name).toBe('north');
  expect(draft.secrets).toEqual([{ key: 'password', value: 'canary' }]);
  expect(JSON.stringify(draft.settings)).not.toContain('canary');
});

it('a field that is hidden by another choice is neither needed nor sent', () => {
  const values = { ...defaultsOf(sftp), host: 'h', user: 'u', auth: 'key', password: 'canary', key_file: '/k' };
  expect(missing(sftp, values)).toEqual([]);
  const draft = toDraft(sftp, 'n', values);
  expect(draft.secrets).toEqual([]);
  expect(draft.settings.map((setting) => setting.key)).toContain('key_file');
});

it('what is required and empty is named', () => expect(missing(sftp, defaultsOf(sftp))).toEqual(['host', 'user']));

it('a default that is not seen is not sent', () => {
  const draft = toDraft(sftp, 'n', { ...defaultsOf(sftp), host: 'h', user: 'u' });
  expect(draft.settings.map((setting) => setting.key)).toEqual(['host', 'user', 'auth']);
});

const workflow = specs.find((spec) => spec.kind === 'workflow');
if (!workflow) throw new Error('there is no form with a sign-in');
const person = { ...defaultsOf(workflow), base_url: 'https://h', tenant: 't', client_id: 'desk', sign_in: 'person', refresh_token: 's-1' };

it('a sign-in in the browser is sent by its id, apart from settings and secrets', () => {
  const draft = toDraft(workflow, 'n', person);
  expect(draft.signedIn).toBe('s-1');
  expect(JSON.stringify([draft.settings, draft.secrets])).not.toContain('s-1');
  expect(toDraft(workflow, 'n', { ...person, sign_in: 'client' }).signedIn).toBeNull();
});

it('a form that was saved gives its sign-in not once more', () => {
  const state = signInKept(workflow, { name: 'n', values: person, fates: {}, ends: '' });
  expect(toDraft(workflow, 'n', state.values, state.fates).signedIn).toBeNull();
  expect(state.fates).toEqual({ refresh_token: 'kept' });
});

it('where a form leads does not hang on who signs in', () => {
  expect(leadsOf(workflow, person)).toBe(leadsOf(workflow, { ...person, client_id: 'other' }));
  expect(leadsOf(workflow, person)).not.toBe(leadsOf(workflow, { ...person, tenant: 'u' }));
});

it('a folded field is unfolded by the choice that needs it', () => {
  const [field] = sftp.fields;
  if (!field) throw new Error('the form is empty');
  const folded = { ...field, advanced: true, unfoldedIf: { key: 'auth', values: ['key'] } };
  expect(isFolded(folded, { auth: 'password' })).toBe(true);
  expect(isFolded(folded, { auth: 'key' })).toBe(false);
  expect(isFolded({ ...folded, advanced: false }, {})).toBe(false);
});
