// What was said with a web service, as people read it and hand it on. Secrets are masked before it comes here, and stay so.
import type { ExchangeSideView, ExchangeView } from '@/ipc';

/** An address taken apart for a list: whose it is, and what was asked of it. */
export function partsOf(address: string): { host: string; path: string } {
  const rest = address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const at = rest.search(/[/?#]/);
  return at < 0 ? { host: rest, path: '/' } : { host: rest.slice(0, at), path: rest.slice(at) };
}

export type ExchangeLook = 'waits' | 'well' | 'plain' | 'refused' | 'broken';

/** How it ended, by the first digit of its status. */
export function lookOf({ status, failed }: ExchangeView): ExchangeLook {
  if (failed !== null) return 'broken';
  if (status === null) return 'waits';
  if (status >= 500) return 'broken';
  if (status >= 400) return 'refused';
  return status >= 200 && status < 300 ? 'well' : 'plain';
}

/** Whether every word stands in its address, its state, or what was said. */
export function isAbout(one: ExchangeView, typed: string): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const lines = ({ headers, body }: ExchangeSideView) => `${headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}\n${body}`;
  const all = [one.method, one.address, one.connection, one.operation, one.status ?? '', one.failed ?? '', lines(one.request), one.answer ? lines(one.answer) : ''].join('\n').toLowerCase();
  return words.every((word) => all.includes(word));
}

/** The body of a side with one thing a line where it is JSON; else as it came. */
export function bodyOf(side: ExchangeSideView): string {
  const kind = side.headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  return /json/i.test(kind) || /^\s*[[{]/.test(side.body) ? prettyJson(side.body) : side.body;
}

/** Whether more was said than is kept. The masks are shorter or longer than what they hide, so only whole kilobytes count. */
export function isCut(side: ExchangeSideView): boolean {
  return side.bytes !== null && side.body !== '' && side.bytes > new TextEncoder().encode(side.body).length + 1024;
}

const INDENT = '  ';

/**
 * Puts each value on a line of its own, and changes nothing else: numbers that no program here could hold stay as they
 * came, and so does a text that breaks off.
 */
export function prettyJson(text: string): string {
  let shown = '';
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\[\s\S])*(?:"|$)|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const opens = token === '{' || token === '[';
    const closes = token === '}' || token === ']';
    if (closes) depth = Math.max(0, depth - 1);
    const last = shown.at(-1);
    const empty = closes && last === (token === '}' ? '{' : '[');
    const fresh = (last === '{' || last === '[') && !empty;
    if (shown !== '' && (fresh || last === ',' || (closes && !empty))) shown += `\n${INDENT.repeat(depth)}`;
    shown += token === ':' ? ': ' : token;
    if (opens) depth += 1;
  }
  return shown;
}

function sideText(side: ExchangeSideView, cut: string): string {
  const lines = side.headers.map(({ name, value }) => `${name}: ${value}`);
  const body = side.body === '' ? [] : ['', bodyOf(side), ...(isCut(side) ? [cut] : [])];
  return [...lines, ...body].join('\n');
}

/** The whole exchange as it would be read in a mail. `cut` says that only the beginning of a body is there. */
export function exchangeText(one: ExchangeView, cut: string): string {
  const took = one.milliseconds === null ? '' : `, ${one.milliseconds} ms`;
  const head = `${new Date(one.at).toISOString()}  ${one.connection}, ${one.operation}${took}`;
  const answer = one.failed ?? (one.status === null ? '' : String(one.status));
  const parts = [head, `${one.method} ${one.address}\n${sideText(one.request, cut)}`.trimEnd(), `${answer}\n${one.answer ? sideText(one.answer, cut) : ''}`.trimEnd()];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** What a shell takes as it is, whatever stands in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Headers that curl writes by itself. */
const OWN = new Set(['content-length', 'host', 'connection', 'accept-encoding']);

/** The request as a command line. Masked secrets stay masked: whoever runs it fills in their own. */
export function curlOf({ method, address, request }: ExchangeView, cut: string): string {
  const headers = request.headers.filter(({ name }) => !OWN.has(name.toLowerCase())).map(({ name, value }) => `-H ${quoted(`${name}: ${value}`)}`);
  const body = request.body === '' ? [] : [`--data-raw ${quoted(request.body)}`];
  const lacks = isCut(request) || (request.body === '' && (request.bytes ?? 0) > 0);
  const asked = method === 'HEAD' ? '--head' : `-X ${quoted(method)}`;
  const command = [`curl ${asked} ${quoted(address)}`, ...headers, ...body].join(' \\\n  ');
  return lacks ? `# ${cut}\n${command}` : command;
}
