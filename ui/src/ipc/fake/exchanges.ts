// What the fake desk said with web services: believable, masked, and some of it as nobody likes it.
import type { ExchangeSideView, ExchangeView } from '../bindings';
import type { ExchangeCalls } from '../ports/exchanges';
import type { FakeCore } from './core';

type Given = Partial<Omit<ExchangeView, 'request' | 'answer'>> & { request?: Partial<ExchangeSideView>; answer?: Partial<ExchangeSideView> | null };

const JSON_KIND = { name: 'content-type', value: 'application/json' };

function side(given: Partial<ExchangeSideView> = {}): ExchangeSideView {
  const body = given.body ?? '';
  return { headers: given.headers ?? [], body, bytes: given.bytes === undefined ? body.length : given.bytes };
}

export function exchange(number: number, at: number, { request, answer, ...given }: Given = {}): ExchangeView {
  return {
    number, at, connection: 'north-tasks', operation: 'tasks', method: 'GET', address: 'https://us.api.opentext.com/workflow/v1/tasks?start=0&size=50',
    status: 200, failed: null, milliseconds: 84, ...given,
    request: side({ headers: [{ name: 'authorization', value: 'Bearer •••' }, { name: 'accept', value: 'application/hal+json' }], ...request }),
    answer: answer === null ? null : side({ headers: [{ name: 'content-type', value: 'application/hal+json' }, { name: 'x-request-id', value: `7f3c-${number}` }], body: '{"total":0}', ...answer }),
  };
}

const TASKS = '{"_embedded":{"tasks":[{"id":"20260000000000000017","name":"Approve invoice 77120","assignee":"ada@north.example","created":"2026-11-20T08:12:44.000+0000","variables":[]},{"id":"20260000000000000018","name":"Check delivery note","assignee":null,"created":"2026-11-20T09:40:02.000+0000","variables":[]}]},"total":2,"start":0,"size":50}';

/** A sign-in, a list, a decision that was refused, a file, and one that nobody answered. */
export function someExchanges(now: number): ExchangeView[] {
  const at = (seconds: number) => now - seconds * 1000;
  return [
    exchange(9, at(2), { milliseconds: null, status: null, answer: null, operation: 'task', address: 'https://us.api.opentext.com/workflow/v1/tasks/20260000000000000018' }),
    exchange(8, at(9), {
      method: 'POST', status: 500, milliseconds: 2204, operation: 'decide', address: 'https://us.api.opentext.com/workflow/v1/tasks/20260000000000000017',
      request: { headers: [{ name: 'authorization', value: 'Bearer •••' }, JSON_KIND], body: '{"action":"complete","outcome":"approve","comment":"it\'s fine"}' },
      answer: { headers: [JSON_KIND], body: '{"status":500,"error":"Internal Server Error","message":"An unexpected error occurred"}' },
    }),
    exchange(7, at(24), {
      connection: 'press-library', operation: 'token', method: 'POST', status: null, milliseconds: 10_000, answer: null,
      address: 'https://oauth.canto.example/oauth/api/oauth2/token?app_id=7c2&app_secret=•••&grant_type=client_credentials',
      failed: 'oauth.canto.example:443 did not answer within 10 seconds',
    }),
    exchange(6, at(41), { status: 404, milliseconds: 61, operation: 'model', address: 'https://us.api.opentext.com/workflow/v1/models/invoice%20approval/versions/12', answer: { headers: [JSON_KIND], body: '{"status":404,"error":"Not Found"}' } }),
    exchange(5, at(63), { connection: 'press-library', status: 302, milliseconds: 140, operation: 'read', address: 'https://press.canto.example/api_binary/v1/image/4f2c/directuri', answer: { headers: [{ name: 'location', value: 'https://cdn.canto.example/4f2c.tif?signature=•••' }], body: '', bytes: 0 } }),
    exchange(4, at(64), { connection: 'press-library', operation: 'read', milliseconds: 388, address: 'https://cdn.canto.example/4f2c.tif?signature=•••', answer: { headers: [{ name: 'content-type', value: 'image/tiff' }, { name: 'content-length', value: '48211904' }], body: '', bytes: 48_211_904 } }),
    exchange(3, at(90), { answer: { headers: [{ name: 'content-type', value: 'application/hal+json' }, { name: 'x-request-id', value: '7f3c-3' }], body: TASKS } }),
    exchange(2, at(91), {
      operation: 'token', method: 'POST', milliseconds: 212, address: 'https://us.api.opentext.com/tenants/north/oauth2/token',
      request: { headers: [{ name: 'content-type', value: 'application/x-www-form-urlencoded' }], body: 'grant_type=client_credentials&client_id=desk&client_secret=•••' },
      answer: { headers: [JSON_KIND], body: '{"access_token":"•••","token_type":"Bearer","expires_in":3600}' },
    }),
    exchange(1, at(92), { operation: 'discovery', milliseconds: 47, address: 'https://us.api.opentext.com/tenants/north/.well-known/openid-configuration' }),
  ];
}

/** As many as are kept, an address that ends nowhere, and a body of which only the beginning is there. */
export function manyExchanges(now: number): ExchangeView[] {
  const like = someExchanges(now);
  const long = exchange(200, now - 500, {
    address: `https://us.api.opentext.com/workflow/v1/tasks?filter=${'assignee%20eq%20ada%40north.example%20or%20'.repeat(24)}end`,
    answer: { headers: [{ name: 'content-type', value: 'application/hal+json' }, { name: 'link', value: `<https://us.api.opentext.com/${'a'.repeat(400)}>; rel="next"` }], body: `{"tasks":[${'{"id":"20260000000000000017","name":"Approve"},'.repeat(340)}`, bytes: 412_118 },
  });
  return [long, ...Array.from({ length: 199 }, (_, at) => ({ ...(like[(at % 8) + 1] as ExchangeView), number: 199 - at, at: now - (at + 2) * 1700 }))];
}

export function fakeExchanges(fake: FakeCore & { said: ExchangeView[] }): ExchangeCalls {
  return {
    async exchanges() {
      fake.check('exchanges');
      return structuredClone(fake.said);
    },
    async forgetExchanges() {
      fake.check('forgetExchanges');
      fake.said = [];
      return null;
    },
  };
}
