// What a connection can do in plain words, and what of what people would count on it cannot.
import { Check } from 'lucide-react';
import type { ConnectionFactsView, PowerView } from '@/ipc';
import { Section } from '@/kit/section';
import { m } from '@/messages';
import styles from './connection-side.module.css';

interface Words {
  /** Nothing where everybody counts on it. */
  has?: () => string;
  lacks?: () => string;
  /** Whether its lack is worth a word only where folders can be looked into. */
  inFolders?: true;
  /** Whether its lack is worth a word only of a plain store of files: whoever has what systems of vendors have is not asked for it. */
  ofStore?: true;
  /** Whether its lack is worth a word only where this connection has not what others of its kind have. */
  ofKind?: true;
}

const POWERS: Record<PowerView, Words> = {
  list: { lacks: m.power_no_list },
  read: { lacks: m.power_no_read },
  write: { lacks: m.power_no_write },
  resume: { has: m.power_resume, lacks: m.power_no_resume },
  checksums: { has: m.power_checksums, lacks: m.power_no_checksums, inFolders: true },
  'read-back': { has: m.power_read_back, lacks: m.power_no_read_back },
  'create-folder': { lacks: m.power_no_create_folder, inFolders: true },
  rename: { lacks: m.power_no_rename, inFolders: true },
  delete: { lacks: m.power_no_delete, inFolders: true },
  versions: { has: m.power_versions, lacks: m.power_no_versions, inFolders: true },
  metadata: { has: m.power_metadata, lacks: m.power_no_metadata, inFolders: true },
  links: { has: m.power_links, lacks: m.power_no_links, ofStore: true },
  'unfinished-uploads': { has: m.power_unfinished, lacks: m.power_no_unfinished, ofStore: true },
  records: { has: m.power_records, lacks: m.power_no_records, ofStore: true },
  space: { has: m.power_space, lacks: m.power_no_space, ofStore: true },
  attributes: { has: m.power_attributes },
  search: { has: m.power_search },
  previews: { has: m.power_previews },
  comments: { has: m.power_comments },
  locks: { has: m.power_locks },
  approval: { has: m.power_approval },
  sharing: { has: m.power_sharing },
  'file-requests': { has: m.power_file_requests },
  workspaces: { has: m.power_workspaces, lacks: m.power_no_workspaces, ofKind: true },
  'file-plan': { has: m.power_file_plan, lacks: m.power_no_file_plan, ofKind: true },
  permissions: { has: m.power_permissions },
  'audit-log': { has: m.power_audit_log },
  'recycle-bin': { has: m.power_recycle_bin },
  tasks: { has: m.power_tasks },
  processes: { has: m.power_processes },
  'process-models': { has: m.power_process_models },
  events: { has: m.power_events },
  inbound: { has: m.power_inbound },
  publish: { has: m.power_publish },
  catalogue: { has: m.power_catalogue },
};

/** What only systems of vendors have. */
const OF_VENDORS: readonly PowerView[] = [
  'attributes', 'search', 'previews', 'comments', 'locks', 'approval', 'sharing', 'file-requests', 'workspaces', 'file-plan', 'permissions',
  'audit-log', 'recycle-bin', 'tasks', 'processes', 'process-models', 'events', 'inbound', 'publish', 'catalogue',
];

/** Whether it is known that a connection cannot do this; of one that could not be opened nothing is known. */
export function lacksPower(facts: ConnectionFactsView | undefined, power: PowerView): boolean {
  return facts?.powers.some((one) => one.power === power && !one.has) ?? false;
}

/** What of its lacks is worth a word. */
function lacksOf(facts: ConnectionFactsView): string[] {
  const has = (power: PowerView) => facts.powers.some((one) => one.power === power && one.has);
  if (!has('list') && !has('read') && !has('write')) return [m.power_no_files()];
  const isStore = !OF_VENDORS.some(has);
  return facts.powers
    .filter(({ power, has: there, missed }) => {
      const { inFolders, ofStore, ofKind } = POWERS[power];
      // Forms are more than tags.
      if (there || (power === 'metadata' && has('attributes'))) return false;
      if (ofKind) return missed;
      return ofStore ? isStore && has('list') : !inFolders || has('list');
    })
    .flatMap(({ power }) => POWERS[power].lacks?.() ?? []);
}

/** What it can do in plain words, and what it cannot. Before a test it is what its kind promises. */
export function Powers({ facts }: { facts: ConnectionFactsView }) {
  const can = facts.powers.filter((one) => one.has).flatMap(({ power }) => POWERS[power].has?.() ?? []);
  const cannot = lacksOf(facts);
  return (
    <Section title={m.side_powers()}>
      <ul className={styles.powers} data-can>
        {can.map((word) => (
          <li key={word}>
            <Check aria-hidden size={13} />
            {word}
          </li>
        ))}
      </ul>
      {cannot.length > 0 ? (
        <ul className={styles.powers}>
          {cannot.map((word) => (
            <li key={word}>{word}</li>
          ))}
        </ul>
      ) : null}
      {facts.tested ? null : <p className={styles.note}>{m.side_powers_untested()}</p>}
    </Section>
  );
}
