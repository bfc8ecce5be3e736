// What needs a person, as a shape and a tone: the same wherever it is listed.
import { Database, FileWarning, Files, HardDrive, Hourglass, KeyRound, type LucideIcon, ShieldAlert, ShieldQuestion } from 'lucide-react';
import type { NeedKindView } from '@/ipc';

const LOOKS: Record<NeedKindView, { Icon: LucideIcon; tone: 'bad' | 'warn' }> = {
  'host-key-changed': { Icon: ShieldAlert, tone: 'bad' },
  'host-key-unknown': { Icon: ShieldQuestion, tone: 'warn' },
  unauthenticated: { Icon: KeyRound, tone: 'bad' },
  conflict: { Icon: Files, tone: 'warn' },
  'disk-full': { Icon: HardDrive, tone: 'bad' },
  'database-restored': { Icon: Database, tone: 'bad' },
  failed: { Icon: FileWarning, tone: 'bad' },
  'waiting-long': { Icon: Hourglass, tone: 'warn' },
  'secret-ending': { Icon: KeyRound, tone: 'warn' },
  'secret-ended': { Icon: KeyRound, tone: 'bad' },
  'session-ending': { Icon: KeyRound, tone: 'warn' },
  'session-ended': { Icon: KeyRound, tone: 'bad' },
  'certificate-ending': { Icon: KeyRound, tone: 'warn' },
  'certificate-ended': { Icon: KeyRound, tone: 'bad' },
};

export const needTone = (kind: NeedKindView): 'bad' | 'warn' => LOOKS[kind].tone;

export function NeedIcon({ kind }: { kind: NeedKindView }) {
  const { Icon } = LOOKS[kind];
  return <Icon aria-hidden size={17} strokeWidth={1.75} />;
}
