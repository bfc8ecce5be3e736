import { expect, it } from 'vitest';
import { specs } from '@/ipc/fake/specs';
import { defaultsOf, missing, toDraft } from './form';

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
