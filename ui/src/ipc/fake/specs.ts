// The connectors as Rust describes them, shortened to what the window has to draw.
import type { ConnectorSpecView, FieldSpecView } from '../bindings';

function field(key: string, label: string, help: string, change: Partial<FieldSpecView> = {}): FieldSpecView {
  return { key, label, help, kind: { type: 'text' }, required: false, default: null, advanced: false, unfoldedIf: null, shownIf: null, leads: false, ...change };
}

const secret = { kind: { type: 'secret' } } as const;

type Form = Omit<ConnectorSpecView, 'folders' | 'exchanges' | 'forms'>;

/** What Rust knows of a kind, as it says it. */
const WITHOUT_FOLDERS = new Set(['workflow', 'xconnector']);
const FILES_ONLY = new Set(['folder', 's3', 'sftp']);
const WITH_FORMS = new Set(['canto', 'xecm']);
export const specOf = (form: Form): ConnectorSpecView => ({ ...form, folders: !WITHOUT_FOLDERS.has(form.kind), exchanges: !FILES_ONLY.has(form.kind), forms: WITH_FORMS.has(form.kind) });

const FORMS: Form[] = [
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
  {
    kind: 'workflow',
    title: 'OpenText Workflow Service',
    summary: 'Tasks and processes of a tenant',
    fields: [
      field('base_url', 'Address', "https:// and the region's host, such as https://us.api.opentext.com", { required: true, leads: true }),
      field('tenant', 'Tenant', "the tenant's id, from its Admin Center", { required: true, leads: true }),
      field('sign_in', 'Who signs in', 'a program acts for itself; a person for themselves alone', {
        default: 'client',
        kind: {
          type: 'choice',
          choices: [
            { value: 'client', label: 'A program (service client)' },
            { value: 'person', label: 'A person, in the browser' },
          ],
        },
      }),
      field('client_id', 'Client', "the client's id, from Service clients in the Admin Center", { required: true }),
      field('client_secret', 'Client secret', 'shown once when the client was made', { ...secret, shownIf: { key: 'sign_in', values: ['client'] } }),
      field('user', 'Person', 'the e-mail address whose inbox is shown'),
      field('refresh_token', 'Sign-in', 'kept after a person has signed in', { kind: { type: 'sign-in' }, shownIf: { key: 'sign_in', values: ['person'] } }),
      field('redirect_uri', 'Redirect address', "as it is registered for the client; on this computer, or the browser's last address is pasted", {
        default: 'http://127.0.0.1:48123/callback',
        advanced: true,
        shownIf: { key: 'sign_in', values: ['person'] },
      }),
      field('scope', 'Scope', "what a person's sign-in asks for, separated by spaces", {
        default: 'openid otds:groups',
        advanced: true,
        shownIf: { key: 'sign_in', values: ['person'] },
      }),
      field('certificate', 'Pinned certificate', 'SHA-256 of the one certificate that is trusted whoever issued it', { advanced: true }),
      field('per_minute', 'Requests a minute', '1 to 6000; as many as are needed where it is empty', { kind: { type: 'number', min: 1, max: 6000 }, advanced: true }),
    ],
  },
];

export const specs: ConnectorSpecView[] = FORMS.map(specOf);

const other = (kind: string, title: string, summary: string): ConnectorSpecView => specOf({ kind, title, summary, fields: [field('base_url', 'Address', '', { required: true, leads: true })] });

/** As many kinds as a window may have to show. */
export const manySpecs: ConnectorSpecView[] = [
  ...specs,
  other('xecm', 'OpenText Extended ECM', 'Documents, workspaces and records of a content server'),
  other('file360', 'OpenText File360', 'Files and folders that are shared with people outside of the house'),
  other('canto', 'Canto', 'Pictures and films of a library'),
  {
    ...other('xconnector', 'XConnector', 'Anything behind an adapter that speaks the open protocol'),
    fields: [
      field('feed_url', 'Address of the feed', 'https://…; empty where nothing is asked for there', { leads: true }),
      field('out_map', 'Field map of what goes out', 'a list of rows in JSON; empty for everything', { kind: { type: 'field-map', sample: null }, advanced: true }),
      field('in_map', 'Field map of what comes', 'a list of rows in JSON; empty for everything', { kind: { type: 'field-map', sample: 'sample' }, advanced: true }),
      field('sample', 'Sample', 'an event in JSON, on which the test tries the field map', { advanced: true }),
    ],
  },
];
