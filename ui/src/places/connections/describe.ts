// A connection in a line, from its settings and what its connector says about them. Knows no connector by name.
import type { AttentionView, ConnectionView, ConnectorSpecView, HealthView } from '@/ipc';
import type { Tone } from '@/kit/tag';
import { m } from '@/messages';

/** “Amazon S3, eu-central-1, evidence”: the title and the first plain settings in the order of the form. */
export function whereLine(connection: ConnectionView, spec: ConnectorSpecView | undefined): string {
  if (!spec) return connection.kind;
  const given = spec.fields
    .filter((field) => !field.advanced && ['text', 'folder'].includes(field.kind.type))
    .map((field) => connection.settings.find((setting) => setting.key === field.key)?.value ?? '')
    .filter(Boolean);
  return [spec.title, ...given.slice(0, 3)].join(', ');
}

/** Two letters for the little plate on a card. */
export function plate(kind: string): string {
  return kind.slice(0, 2).toUpperCase();
}

const HEALTH: Record<HealthView, { tone: Tone; word: () => string }> = {
  well: { tone: 'ok', word: m.health_well },
  untested: { tone: 'plain', word: m.health_untested },
  failed: { tone: 'bad', word: m.health_failed },
  stopped: { tone: 'bad', word: m.health_needs_attention },
};

/** How well it is, in the words of the open question where there is one. */
export function healthTag(connection: ConnectionView, question: AttentionView | undefined): { tone: Tone; text: string } {
  switch (question?.kind) {
    case 'host-key-changed':
      return { tone: 'bad', text: m.health_key_changed() };
    case 'host-key-unknown':
      return { tone: 'warn', text: m.health_key_unknown() };
    case 'unauthenticated':
      return { tone: 'bad', text: m.health_signin() };
    default: {
      const { tone, word } = HEALTH[connection.health];
      return { tone, text: word() };
    }
  }
}
