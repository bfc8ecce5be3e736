import { describe, expect, it } from 'vitest';
import { exchange, someExchanges } from '@/ipc/fake/exchanges';
import { bodyOf, curlOf, exchangeText, isAbout, isCut, lookOf, partsOf, prettyJson } from './exchange';

const CUT = 'only the beginning is kept';

describe('a body', () => {
  it('of JSON has one thing a line, and every number as it came', () => {
    expect(prettyJson('{"a":[1,{"b":"x, {y}"}],"id":12345678901234567890,"none":{},"list":[]}')).toBe(
      '{\n  "a": [\n    1,\n    {\n      "b": "x, {y}"\n    }\n  ],\n  "id": 12345678901234567890,\n  "none": {},\n  "list": []\n}',
    );
  });

  it('that breaks off is shown as far as it goes', () => {
    expect(prettyJson(String.raw`{"a":[{"b":"half \" a tex`)).toBe('{\n  "a": [\n    {\n      "b": "half \\" a tex');
  });

  it('of another kind is left as it came', () => {
    const form = exchange(1, 0, { request: { headers: [{ name: 'Content-Type', value: 'application/x-www-form-urlencoded' }], body: 'a=1&b=2' } });
    expect(bodyOf(form.request)).toBe('a=1&b=2');
  });

  it('is called cut only where kilobytes are missing, because masks change its length', () => {
    const { request } = exchange(1, 0, { request: { body: 'secret=•••', bytes: 90 } });
    expect(isCut(request)).toBe(false);
    expect(isCut({ ...request, bytes: 40_000 })).toBe(true);
  });
});

it('an address without a path asks for the root', () => {
  expect(partsOf('https://h.example')).toEqual({ host: 'h.example', path: '/' });
  expect(partsOf('https://h.example:8443/a/b?c=d')).toEqual({ host: 'h.example:8443', path: '/a/b?c=d' });
});

it('how it ended follows from what came back', () => {
  const looks = [200, 302, 404, 500].map((status) => lookOf(exchange(1, 0, { status })));
  expect(looks).toEqual(['well', 'plain', 'refused', 'broken']);
  expect(lookOf(exchange(1, 0, { status: null, answer: null }))).toBe('waits');
  expect(lookOf(exchange(1, 0, { status: null, answer: null, failed: 'no answer' }))).toBe('broken');
});

it('is found by every word of its address, headers and bodies', () => {
  const all = someExchanges(0);
  const about = (typed: string) => all.filter((one) => isAbout(one, typed)).map((one) => one.number);
  expect(about('invoice 77120')).toEqual([3]);
  expect(about('DID NOT answer')).toEqual([7]);
  expect(about('press-library 302')).toEqual([5]);
  expect(about('')).toHaveLength(9);
});

it('a command line keeps what the shell would take apart, and the masks', () => {
  const decision = someExchanges(0).find((one) => one.method === 'POST' && one.status === 500);
  if (!decision) throw new Error('there is no decision');
  expect(curlOf(decision, CUT)).toBe(
    [
      String.raw`curl -X 'POST' 'https://us.api.opentext.com/workflow/v1/tasks/20260000000000000017' \ `.trimEnd(),
      String.raw`  -H 'authorization: Bearer •••' \ `.trimEnd(),
      String.raw`  -H 'content-type: application/json' \ `.trimEnd(),
      String.raw`  --data-raw '{"action":"complete","outcome":"approve","comment":"it'\''s fine"}'`,
    ].join('\n'),
  );
});

it('a command line says where a body is missing, and leaves to curl what it writes itself', () => {
  const upload = exchange(1, 0, { method: 'PUT', request: { headers: [{ name: 'Content-Length', value: '9' }], body: '', bytes: 9 } });
  expect(curlOf(upload, CUT)).toBe(`# ${CUT}\ncurl -X 'PUT' '${upload.address}'`);
});

it('as text it is the request, then the answer or why there is none', () => {
  const [, , lost] = someExchanges(Date.UTC(2026, 10, 22, 10));
  if (!lost) throw new Error('nothing was lost');
  const text = exchangeText(lost, CUT);
  expect(text).toMatch(/^2026-11-22T09:59:36\.000Z {2}press-library, token, 10000 ms\n\nPOST https:/);
  expect(text).toMatch(/did not answer within 10 seconds\n$/);
});
