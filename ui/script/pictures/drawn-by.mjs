// What a picture depends on beside the window itself: the browser, and the system's fonts for what Inter does not have.
import { execFileSync } from 'node:child_process';

/** As fontconfig is asked: figures of equal width, Arabic, Hebrew, Chinese, emoji. */
const BESIDE_INTER = ['DejaVu Sans Mono:mono', 'sans-serif:lang=ar', 'sans-serif:lang=he', 'sans-serif:lang=zh', 'emoji'];

export function drawnBy(browser) {
  const fonts = BESIDE_INTER.map((pattern) => match(pattern));
  return [`Chromium ${browser.version()}`, ...new Set(fonts)].join('; ');
}

function match(pattern) {
  try {
    return execFileSync('fc-match', ['--format=%{family[0]} %{fontversion}', pattern], { encoding: 'utf8' });
  } catch {
    return `no fc-match for ${pattern}`;
  }
}
