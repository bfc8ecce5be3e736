// What other tools have on the computer of the fake desk.
import type { FieldProblemView, ImportFoundView, ImportPreviewView, ImportSourceView } from '../bindings';
import { toIpcError } from '../failure';
import type { ImportCalls } from '../ports/imports';
import type { FakeConnections } from './connections';
import { said } from './said';
import { refuse } from './core';

function found(name: string, kind: string, settings: [string, string][], change: Partial<ImportFoundView> = {}): ImportFoundView {
  return {
    foundName: name, name, kind, settings: settings.map(([key, value]) => ({ key, value })), secrets: [], secretExpiresAt: null,
    remarks: [], problems: [], twin: null, ready: true, ...change,
  };
}

const NEEDED: FieldProblemView = { key: 'host', reason: 'is needed', said: said('needed', 'is needed') };
const NO_BUCKET = said('import-no-bucket', 'It names no bucket, so that all buckets of the account are shown; set `bucket` to stay in one.');

const LOOKS: Record<ImportSourceView, ImportPreviewView> = {
  aws: {
    files: ['/home/records/.aws/config', '/home/records/.aws/credentials'], digest: 'd-aws', vault: 'keyring',
    found: [
      found('audit', 's3', [['region', 'eu-west-1'], ['profile', 'audit']], { remarks: [NO_BUCKET] }),
      found('default', 's3', [['region', 'eu-central-1'], ['access_key_id', 'AKIAEXAMPLE']], { secrets: ['secret_access_key'], remarks: [NO_BUCKET] }),
    ],
    leftOut: [{ name: 'bare', why: said('import-no-sign-in', 'it has no keys and names no other way to sign in') }],
  },
  ssh: {
    files: ['/home/records/.ssh/config', '/home/records/.ssh/known_hosts'], digest: 'd-ssh', vault: 'keyring',
    found: [
      found('north-gmbh', 'sftp', [['host', 'files.northwind.example'], ['user', 'waybill'], ['port', '22']], { name: 'north-gmbh-2', twin: 'north-gmbh' }),
      found('bank', 'sftp', [['host', 'bank'], ['user', 'harbour'], ['port', '2222'], ['auth', 'key'], ['key_file', '/home/records/.ssh/bank']]),
      found('behind-gate', 'sftp', [['host', 'behind-gate']], {
        ready: false,
        remarks: [said('import-proxy-command', 'Its ProxyCommand is not run; name the host on the way in the setting jump')],
      }),
      found('drop.example', 'sftp', [['host', 'drop.example']], {
        ready: false,
        remarks: [said('import-only-known', 'Only its host key is known: nobody says which account is used there, so set the user')],
      }),
    ],
    leftOut: [{ name: 'known_hosts', why: said('import-hashed', '14 names are kept as hashes there, which cannot be read back', { count: '14' }) }],
  },
  rclone: {
    files: ['/home/records/.config/rclone/rclone.conf'], digest: 'd-rclone', vault: 'keyring',
    found: [
      found('store', 's3', [['endpoint', 'https://minio.example:9000'], ['access_key_id', 'me']], { secrets: ['secret_access_key'], remarks: [NO_BUCKET] }),
      found('partner', 'sftp', [['host', 'sftp.example'], ['user', 'me'], ['auth', 'password']], {
        secrets: ['password'],
        remarks: [said('import-unchecked-key', 'rclone did not check the host key; it is checked here, and asked for once')],
      }),
      found('broken', 'sftp', [['auth', 'password']], { ready: false, problems: [NEEDED] }),
    ],
    leftOut: [{ name: 'drive', why: said('remote-type', 'there is no connector for the type drive', { type: 'drive' }) }],
  },
};

export function fakeImports(desk: FakeConnections): ImportCalls {
  return {
    importOffers: async () => [
      { source: 'aws', files: LOOKS.aws.files },
      { source: 'ssh', files: LOOKS.ssh.files },
      { source: 'rclone', files: [] },
    ],
    lookAtImport: async (source, file) => {
      desk.check('lookAtImport');
      return file === null ? LOOKS[source] : { ...LOOKS[source], files: [file] };
    },
    addImported: async (source, _file, digest, picks) => {
      desk.check('addImported');
      const look = LOOKS[source];
      if (digest !== look.digest)
        refuse({ code: 'import', said: said('import-changed', 'the file changed since it was looked through, so nothing was added; look through it again') });
      return Promise.all(
        picks.map(async ({ index, name }) => {
          const one = look.found[index] ?? refuse({ code: 'not-here', what: name });
          try {
            const secrets = one.secrets.map((key) => ({ key, value: 'kept' }));
            const added = await desk.addConnection({ name, kind: one.kind, settings: one.settings, secrets, secretExpiresAt: null, secretsOf: null, signedIn: null });
            return { index, name, added: added.id, refused: null };
          } catch (reason) {
            return { index, name, added: null, refused: toIpcError(reason) };
          }
        }),
      );
    },
  };
}
