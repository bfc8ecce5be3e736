// The settings of the fake desk: kept in memory, refused by the same ranges as the real ones.
import type { FieldProblemView, LimitNowView, SettingsView, TimetableView } from '../bindings';
import type { Ipc } from '../port';
import type { SettingsCalls } from '../ports/settings';
import { type FakeCore, refuse } from './core';

const SYSTEM_NAME = 'Records desk';
const SLOWEST = 10_000;
const FASTEST = 100_000_000_000;

export function defaultSettings(): SettingsView {
  return {
    limits: { bytesPerSecond: null, filesAtOnce: null, filesPerConnection: null, timetable: { on: false, slots: [] } },
    notices: { runEnded: true, needsSomeone: true, failures: true, quiet: null },
    window: { onClose: 'ask', tray: true, startHidden: false },
    appearance: { language: 'system', theme: 'system', textSize: 'ordinary', still: false },
    network: { proxy: 'system', url: '', user: '', hasPassword: false, noProxy: '', caFile: '' },
    operator: { chosen: null, now: SYSTEM_NAME },
    history: { keepDays: null },
    strange: [],
  };
}

/** What the settings of a test begin with, and what it may look at afterwards. */
export interface FakeSettings {
  now: SettingsView;
  forNow: { bytesPerSecond: number | null; until: number } | null;
}

export function newFakeSettings(): FakeSettings {
  return { now: defaultSettings(), forNow: null };
}

function outOf(key: string, value: number | null, min: number, max: number): FieldProblemView[] {
  if (value === null || (value >= min && value <= max)) return [];
  const reason = `it has to be from ${min} to ${max}`;
  const parameters = [
    { key: 'min', value: String(min) },
    { key: 'max', value: String(max) },
  ];
  return [{ key, reason, said: { code: 'out-of-range', parameters, text: reason } }];
}

/** The minutes of a table's line, over midnight where the end is not later. */
function covers({ from, to }: { from: number; to: number }, minute: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

function slotAt(table: TimetableView, at: Date) {
  const [today, yesterday] = [DAYS[at.getDay()], DAYS[(at.getDay() + 6) % 7]];
  const minute = at.getHours() * 60 + at.getMinutes();
  if (!table.on) return undefined;
  return table.slots.find(({ days, hours }) => {
    const day = hours.from >= hours.to && minute < hours.to ? yesterday : today;
    return day !== undefined && days.includes(day) && covers(hours, minute);
  });
}

export function fakeSettings(core: FakeCore, fake: FakeSettings): SettingsCalls {
  function keep(call: keyof Ipc, problems: FieldProblemView[], change: Partial<SettingsView>): null {
    core.check(call);
    if (problems.length > 0) refuse({ code: 'settings', problems });
    const strange = fake.now.strange.filter((one) => !(one.section in change));
    fake.now = { ...fake.now, ...change, strange };
    core.topics.tell(['settings']);
    return null;
  }
  return {
    async settings() {
      core.check('settings');
      return structuredClone(fake.now);
    },
    async setLimits(limits) {
      const { bytesPerSecond, filesAtOnce, filesPerConnection, timetable } = limits;
      const problems = [
        ...outOf('bytes_per_second', bytesPerSecond, SLOWEST, FASTEST),
        ...outOf('files_at_once', filesAtOnce, 1, 256),
        ...outOf('files_per_connection', filesPerConnection, 1, 64),
        ...timetable.slots.flatMap((slot, index) => outOf(`timetable.${index}.bytes_per_second`, slot.bytesPerSecond, SLOWEST, FASTEST)),
      ];
      return keep('setLimits', problems, { limits });
    },
    async limitNow(): Promise<LimitNowView> {
      const { limits } = fake.now;
      if (fake.forNow && fake.forNow.until > Date.now()) return { ...fake.forNow, reason: 'for-now' };
      const slot = slotAt(limits.timetable, new Date());
      if (slot) return { bytesPerSecond: slot.bytesPerSecond, reason: 'timetable', until: null };
      return { bytesPerSecond: limits.bytesPerSecond, reason: 'always', until: null };
    },
    async limitForNow(bytesPerSecond, minutes) {
      const problems = outOf('bytes_per_second', bytesPerSecond, SLOWEST, FASTEST);
      if (problems.length === 0) fake.forNow = { bytesPerSecond, until: Date.now() + minutes * 60_000 };
      return keep('limitForNow', problems, {});
    },
    async endLimitForNow() {
      fake.forNow = null;
      return keep('endLimitForNow', [], {});
    },
    setNotices: async (notices) => keep('setNotices', [], { notices }),
    setWindowSettings: async (window) => keep('setWindowSettings', [], { window }),
    setAppearance: async (appearance) => keep('setAppearance', [], { appearance }),
    setOperator: async (name) => keep('setOperator', [], { operator: { chosen: name, now: name ?? SYSTEM_NAME } }),
    setHistorySettings: async (history) => keep('setHistorySettings', outOf('keep_days', history.keepDays, 7, 3653), { history }),
  };
}
