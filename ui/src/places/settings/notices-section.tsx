import type { NoticesView } from '@/ipc';
import { Switch } from '@/kit/switch';
import { m } from '@/messages';
import { setNotices } from '@/queries';
import { Block } from './block';
import { HoursFields } from './hours-fields';
import type { SectionProps } from './section-props';
import { useSaved } from './use-saved';

/** What quiet hours begin with. */
const NIGHT = { from: 20 * 60, to: 7 * 60 };

export function NoticesSection({ settings }: SectionProps) {
  const { notices } = settings;
  const { save, refused } = useSaved(setNotices, notices, m.settings_notices());
  const change = (part: Partial<NoticesView>) => save({ ...notices, ...part });
  return (
    <>
      {refused}
      <Block title={m.notices_which()} why={m.notices_why()}>
        <Switch label={m.notices_needs_someone()} help={m.notices_needs_someone_help()} on={notices.needsSomeone} onChange={(needsSomeone) => change({ needsSomeone })} />
        <Switch label={m.notices_failures()} help={m.notices_failures_help()} on={notices.failures} onChange={(failures) => change({ failures })} />
        <Switch label={m.notices_run_ended()} help={m.notices_run_ended_help()} on={notices.runEnded} onChange={(runEnded) => change({ runEnded })} />
      </Block>
      <Block title={m.notices_quiet()} why={m.notices_quiet_why()}>
        <Switch label={m.notices_quiet_on()} on={notices.quiet !== null} onChange={(on) => change({ quiet: on ? NIGHT : null })} />
        {notices.quiet ? <HoursFields hours={notices.quiet} onChange={(quiet) => change({ quiet })} /> : null}
      </Block>
    </>
  );
}
