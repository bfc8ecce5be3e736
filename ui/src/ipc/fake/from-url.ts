// The fake as a page asks for it: `?day=empty|demo|busy|long|troubled|many|systems&locale=de|pseudo`. For pictures and work on the window.
// `hold=connections` lets that call wait for ever, `refuse=connections` has it refused. `kinds` has eight kinds to add, `said=some|many` has spoken with web services. With `still` bytes move only when somebody calls `window.fake.tick`.
import { overwriteGetLocale, type Locale } from '@/messages';
import { busyDay, connectionsOf, emptyDay, longDay, manyConnections, SAMPLES, troubledConnections } from './data';
import type { Ipc } from '../port';
import { manyExchanges, someExchanges } from './exchanges';
import { FakeIpc } from './fake-ipc';
import { systemsDay } from './systems';
import { speakPseudo } from './pseudo';
import { manySpecs } from './specs';

export function fakeFromUrl(): FakeIpc {
  const asked = new URLSearchParams(location.search);
  const language = asked.get('locale');
  if (language === 'de' || language === 'en') overwriteGetLocale((): Locale => language);
  if (language === 'pseudo') speakPseudo();
  const now = Date.now();
  const demo = () => ({ ...emptyDay(), connections: connectionsOf(now).slice(0, 2) });
  const troubled = () => ({ ...busyDay(now), connections: troubledConnections(now) });
  const many = () => ({ ...emptyDay(), connections: manyConnections(now, 200) });
  const days = { troubled, many, systems: () => systemsDay(now), empty: emptyDay, demo, busy: () => busyDay(now), long: () => longDay(now, 100_000) };
  const fake = new FakeIpc((days[asked.get('day') as keyof typeof days] ?? days.busy)());
  if (asked.get('day') === 'demo') fake.samples = SAMPLES;
  if (asked.has('said')) fake.said = asked.get('said') === 'many' ? manyExchanges(now) : someExchanges(now);
  if (asked.has('kinds')) fake.specs = manySpecs;
  for (const call of asked.getAll('hold')) fake.hold(call as keyof Ipc);
  for (const call of asked.getAll('refuse')) fake.refusals.set(call as keyof Ipc, { code: 'database', message: 'database disk image is malformed' });
  if (!asked.has('still')) setInterval(() => fake.tick(100), 100);
  Object.assign(window, { fake });
  return fake;
}
