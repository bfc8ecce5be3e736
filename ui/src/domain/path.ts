// Paths as a person reads them. Never used to address anything: the desk keeps the remote's own spelling.

/** The last name of a path of this computer or of a connection. */
export function lastName(path: string): string {
  return path.replace(/[/\\]+$/, '').split(/[/\\]/).pop() || path;
}

/** The folder that holds the last name, with its final separator. */
export function folderOf(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return end < 0 ? '' : path.slice(0, end + 1);
}

/**
 * A name with its line breaks, controls and writing-direction marks made visible, so that it cannot pose as
 * another one or break out of its line.
 */
export function shownName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- controls are what it looks for
  return name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (mark) => {
    const code = mark.codePointAt(0) ?? 0;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `⟨${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** The same for a text of many lines: its line breaks and tabs stay what they are. */
export function shownText(text: string): string {
  return text.replace(/\r\n?/g, '\n').split('\n').map((line) => line.split('\t').map(shownName).join('\t')).join('\n');
}

/** A folder on a connection as it is typed: an empty one is the root, a missing first `/` is added. */
export function typedFolder(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '');
  return trimmed.startsWith('/') ? trimmed : `/${trimmed}`;
}

export type FileKind = 'pdf' | 'image' | 'sheet' | 'text' | 'archive' | 'plain';

const KINDS: Record<string, FileKind> = {
  pdf: 'pdf',
  csv: 'sheet', xls: 'sheet', xlsx: 'sheet', ods: 'sheet', tsv: 'sheet',
  doc: 'text', docx: 'text', odt: 'text', txt: 'text', md: 'text', rtf: 'text', html: 'text',
  zip: 'archive', gz: 'archive', tar: 'archive', '7z': 'archive', bz2: 'archive', xz: 'archive', zst: 'archive',
  png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', tif: 'image', tiff: 'image', svg: 'image', webp: 'image',
  heic: 'image', mov: 'image', mp4: 'image', psd: 'image', ai: 'image',
};

/** What the little sheet beside a name stands for. */
export function fileKind(name: string): FileKind {
  const dot = name.lastIndexOf('.');
  return (dot > 0 && KINDS[name.slice(dot + 1).toLowerCase()]) || 'plain';
}
