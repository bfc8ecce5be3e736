import { useQuery } from '@tanstack/react-query';
import { Fragment, type ReactNode, useLayoutEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { desk, type AppearanceView, type LanguageView } from '@/ipc';
import { KeyNames } from '@/kit/kbd';
import { keyNames, type Locale, locale, overwriteGetLocale } from '@/messages';
import { Store, useStore } from '@/parts/store';
import { settings as settingsQuery } from '@/queries';

const PERCENT: Record<AppearanceView['textSize'], number> = { ordinary: 100, large: 112, larger: 125, largest: 150 };

/** The language that a choice means; as the window found it where it is the system's. */
function localeOf(language: LanguageView, found: Locale): Locale {
  return language === 'english' ? 'en' : language === 'german' ? 'de' : found;
}

/** What the window speaks since somebody chose. */
const spoken = new Store<Locale | null>(null);

/** Language, light or dark, size and stillness, as the settings say; what is in it is drawn anew in another language. */
export function Looks({ children }: { children: ReactNode }) {
  const looks = useQuery(settingsQuery).data?.appearance;
  const [found] = useState(locale);
  const speaks = useStore(spoken, (value) => value) ?? found;
  const wanted = localeOf(looks?.language ?? 'system', found);
  const theme = looks?.theme ?? 'system';
  const still = looks?.still ?? false;
  const percent = looks ? PERCENT[looks.textSize] : null;

  useLayoutEffect(() => {
    document.documentElement.lang = wanted;
    if (wanted !== locale()) overwriteGetLocale(() => wanted);
    spoken.set(wanted);
  }, [wanted]);
  useLayoutEffect(() => {
    document.documentElement.style.colorScheme = theme === 'system' ? '' : theme;
  }, [theme]);
  useLayoutEffect(() => {
    document.documentElement.toggleAttribute('data-still', still);
  }, [still]);
  useLayoutEffect(() => {
    // Not before the settings are there: the window would jump.
    if (percent !== null) void desk().zoom(percent);
  }, [percent]);

  return (
    <I18nProvider locale={speaks}>
      <KeyNames value={keyNames}>
        <Fragment key={speaks}>{children}</Fragment>
      </KeyNames>
    </I18nProvider>
  );
}
