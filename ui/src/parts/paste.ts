// What somebody pastes to be sent: files of the clipboard, or a picture or text that becomes one. Rust reads it, because a
// web view is not told the paths of files.
import { formatNumber } from '@/domain/measure';
import type { LooseView, PastedView } from '@/ipc';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { readPasted } from '@/queries';
import { tellError } from './error-notice';

export interface Pasted {
  paths: readonly string[];
  loose: readonly LooseView[];
}

/** “2026-11-21 14.02.07”, which every file system takes. */
function stamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`;
}

/**
 * Reads the clipboard. Nothing where there is nothing to send, which is said; `instead` is what is pasted then without a
 * word, and answers whether it is newer than what was found.
 */
export async function paste(instead?: (found: PastedView | null) => boolean): Promise<Pasted | null> {
  const names = { picture: m.pasted_picture(), text: m.pasted_text(), stamp: stamp(new Date()) };
  let found;
  try {
    found = await readPasted(names);
  } catch (reason) {
    if (!instead?.(null)) tellError(reason, m.this_computer());
    return null;
  }
  if (instead?.(found)) return null;
  const { paths, elsewhere, loose } = found;
  if (elsewhere > 0) toast({ tone: 'bad', text: m.pasted_elsewhere({ count: elsewhere, n: formatNumber(elsewhere, locale()) }) });
  if (paths.length === 0 && loose === null) {
    if (elsewhere === 0) toast({ text: m.pasted_nothing() });
    return null;
  }
  return { paths, loose: loose === null ? [] : [loose] };
}
