// What needs a person, as a shape and a tone: the same wherever it is listed.
import { Database, FileWarning, Files, HardDrive, Hourglass, KeyRound, LockKeyhole, type LucideIcon, ShieldAlert, ShieldQuestion } from 'lucide-react';
import type { AttentionView, NeedKindView } from '@/ipc';
import { hitchTexts } from './attention-facts';

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

export const needTone = (kind: NeedKindView, question?: AttentionView): 'bad' | 'warn' => hitchTexts(question)?.tone ?? LOOKS[kind].tone;

/** `question` is what is asked, where it is known. */
export function NeedIcon({ kind, question }: { kind: NeedKindView; question?: AttentionView | undefined }) {
  // Where nothing was refused it waits for a person alone.
  const Icon = hitchTexts(question)?.tone === 'warn' ? LockKeyhole : LOOKS[kind].Icon;
  return <Icon aria-hidden size={17} strokeWidth={1.75} />;
}
