// The three connectors as Rust describes them, shortened to what the window has to draw.
import type { ConnectorSpecView, FieldSpecView } from '../bindings';

function field(key: string, label: string, help: string, change: Partial<FieldSpecView> = {}): FieldSpecView {
  return { key, label, help, kind: { type: 'text' }, required: false, default: null, advanced: false, shownIf: null, leads: false, ...change };
}

const secret = { kind: { type: 'secret' } } as const;

export const specs: ConnectorSpecView[] = [
  {
    kind: 'folder',
    title: 'Folder',
    summary: 'A folder of this computer or of a mounted drive.',
    fields: [field('root', 'Folder', 'Everything lies below it.', { kind: { type: 'folder' }, required: true, leads: true })],
  },
  {
    kind: 's3',
    title: 'Amazon S3',
    summary: 'A bucket on Amazon S3 or on anything that speaks its API.',
    fields: [
      field('region', 'Region', 'As in eu-central-1.', { default: 'us-east-1' }),
      field('bucket', 'Bucket', 'The name alone.', { required: true, leads: true }),
      field('endpoint', 'Endpoint', 'Left empty for Amazon itself.', { leads: true }),
      field('access_key_id', 'Access key id', 'Left empty to use a profile.'),
      field('secret_access_key', 'Secret access key', '', secret),
      field('profile', 'Profile', 'A profile of the AWS configuration.', { advanced: true }),
      field('prefix', 'Prefix', 'Keys begin with it.', { advanced: true }),
      field('path_style', 'Bucket in the path', 'For servers without a name a bucket.', { kind: { type: 'flag' }, advanced: true }),
      field('parallel', 'Files at once', '', { kind: { type: 'number', min: 1, max: 64 }, default: '4', advanced: true }),
    ],
  },
  {
    kind: 'sftp',
    title: 'SFTP',
    summary: 'A server that is reached over SSH.',
    fields: [
      field('host', 'Host', 'A name or address.', { required: true, leads: true }),
      field('user', 'User', '', { required: true, leads: true }),
      field('port', 'Port', '', { kind: { type: 'number', min: 1, max: 65535 }, default: '22' }),
      field('auth', 'Sign in by', '', {
        default: 'password',
        kind: {
          type: 'choice',
          choices: [
            { value: 'password', label: 'Password' },
            { value: 'key', label: 'Key file' },
            { value: 'agent', label: 'SSH agent' },
            { value: 'interactive', label: 'Questions of the server' },
          ],
        },
      }),
      field('password', 'Password', '', { ...secret, shownIf: { key: 'auth', values: ['password', 'interactive'] } }),
      field('key_file', 'Key file', 'A private key.', { kind: { type: 'file' }, shownIf: { key: 'auth', values: ['key'] } }),
      field('passphrase', 'Passphrase', 'Of the key, where it has one.', { ...secret, shownIf: { key: 'auth', values: ['key'] } }),
      field('jump', 'Jump host', 'As user@host.', { advanced: true }),
    ],
  },
];
