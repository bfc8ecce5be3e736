import type { AppearanceView, LanguageView, TextSizeView, ThemeView } from '@/ipc';
import { Segmented } from '@/kit/segmented';
import { Select } from '@/kit/select';
import { Switch } from '@/kit/switch';
import { m } from '@/messages';
import { setAppearance } from '@/queries';
import { Block, Choice } from './block';
import type { SectionProps } from './section-props';
import { useSaved } from './use-saved';

export function LooksSection({ settings }: SectionProps) {
  const { appearance } = settings;
  const { save, refused } = useSaved(setAppearance, appearance, m.settings_looks());
  const change = (part: Partial<AppearanceView>) => save({ ...appearance, ...part });
  // A language is written in itself: whoever looks for it may not read the present one.
  const languages: { id: LanguageView; label: string }[] = [
    { id: 'system', label: m.looks_as_system() },
    { id: 'english', label: 'English' },
    { id: 'german', label: 'Deutsch' },
  ];
  const themes: { id: ThemeView; label: string }[] = [
    { id: 'system', label: m.looks_as_system() },
    { id: 'light', label: m.looks_light() },
    { id: 'dark', label: m.looks_dark() },
  ];
  const sizes: { id: TextSizeView; label: string }[] = [
    { id: 'ordinary', label: '100 %' },
    { id: 'large', label: '112 %' },
    { id: 'larger', label: '125 %' },
    { id: 'largest', label: '150 %' },
  ];
  return (
    <>
      {refused}
      <Block title={m.looks_language()} why={m.looks_language_why()}>
        <Select label={m.looks_language()} options={languages} value={appearance.language} onChange={(language) => change({ language })} />
      </Block>
      <Block title={m.looks_eyes()} why={m.looks_eyes_why()}>
        <Choice label={m.looks_theme()}>
          <Segmented label={m.looks_theme()} segments={themes} chosen={appearance.theme} onChoose={(theme) => change({ theme })} />
        </Choice>
        <Choice label={m.looks_size()} help={m.looks_size_help()}>
          <Segmented label={m.looks_size()} segments={sizes} chosen={appearance.textSize} onChoose={(textSize) => change({ textSize })} />
        </Choice>
        <Switch label={m.looks_still()} help={m.looks_still_help()} on={appearance.still} onChange={(still) => change({ still })} />
      </Block>
    </>
  );
}
