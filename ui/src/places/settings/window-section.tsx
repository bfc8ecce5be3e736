import type { OnCloseView, WindowSettingsView } from '@/ipc';
import { Select } from '@/kit/select';
import { Switch } from '@/kit/switch';
import { m } from '@/messages';
import { setWindowSettings } from '@/queries';
import { Block } from './block';
import type { SectionProps } from './section-props';
import { useSaved } from './use-saved';

export function WindowSection({ settings }: SectionProps) {
  const { window } = settings;
  const { save, refused } = useSaved(setWindowSettings, window, m.settings_window());
  const change = (part: Partial<WindowSettingsView>) => save({ ...window, ...part });
  const ways: { id: OnCloseView; label: string }[] = [
    { id: 'ask', label: m.window_close_ask() },
    { id: 'tray', label: m.window_close_tray() },
    { id: 'quit', label: m.window_close_quit() },
  ];
  return (
    <>
      {refused}
      <Block title={m.window_closing()} why={m.window_closing_why()}>
        <Select label={m.window_on_close()} options={ways} value={window.onClose} onChange={(onClose) => change({ onClose })} help={m.window_on_close_help()} />
      </Block>
      <Block title={m.window_tray_title()} why={m.window_tray_why()}>
        <Switch label={m.window_tray()} on={window.tray} onChange={(tray) => change({ tray })} />
        <Switch
          label={m.window_start_hidden()}
          help={m.window_start_hidden_help()}
          disabled={!window.tray}
          on={window.startHidden}
          onChange={(startHidden) => change({ startHidden })}
        />
      </Block>
    </>
  );
}
