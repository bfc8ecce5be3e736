import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { ListBox, ListBoxItem } from 'react-aria-components';
import { Callout } from '@/kit/callout';
import { EmptyState } from '@/kit/empty-state';
import { Page } from '@/kit/page';
import { SearchField } from '@/kit/search-field';
import { m, sayIn } from '@/messages';
import { useCommands } from '@/parts/commands';
import { ErrorNotice } from '@/parts/error-notice';
import type { PlaceSearch } from '@/parts/place';
import { settings as settingsQuery } from '@/queries';
import { find, hits, sections } from './sections';
import styles from './settings.module.css';

export function Settings() {
  const search: PlaceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const held = useQuery(settingsQuery);
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const found = find(typed);
  const chosen = found.find((section) => section.id === search.chosen) ?? found[0];
  const strange = held.data?.strange ?? [];
  const choose = (id: string) => void navigate({ to: '/settings' as '/transfers', search: { chosen: id }, replace: true });

  useCommands([
    { id: 'settings.find', title: m.settings_find, keys: '/', run: () => field.current?.focus() },
    ...sections.map((section) => ({
      id: `settings.${section.id}`,
      title: section.title,
      group: m.place_settings(),
      words: section.words(),
      run: () => {
        setTyped('');
        choose(section.id);
      },
    })),
  ]);

  return (
    <Page
      title={m.place_settings()}
      sub={strange.length > 0 ? m.settings_strange_count({ count: strange.length, n: String(strange.length) }) : m.settings_at_once()}
      actions={<SearchField label={m.settings_find()} value={typed} onChange={setTyped} shortcut="/" inputRef={field} />}
    >
      <div className={styles.place}>
        <nav aria-label={m.place_settings()} className={styles.nav}>
          <ListBox
            aria-label={m.settings_sections()}
            selectionMode="single"
            selectionBehavior="replace"
            disallowEmptySelection
            selectedKeys={chosen ? [chosen.id] : []}
            onSelectionChange={(keys) => {
              const id = found.find((section) => keys !== 'all' && keys.has(section.id))?.id;
              if (id) choose(id);
            }}
            className={styles.sections}
          >
            {found.map((section) => (
              <ListBoxItem key={section.id} id={section.id} textValue={section.title()} className={styles.line}>
                <section.Icon aria-hidden size={15} strokeWidth={1.7} />
                <span className={styles.name}>
                  <span>{section.title()}</span>
                  {hits(section, typed).map((hit) => (
                    <span key={hit} className={styles.hit}>
                      {hit}
                    </span>
                  ))}
                </span>
                {strange.some((one) => one.section === section.id) ? <i role="img" className={styles.dot} aria-label={m.settings_strange_mark()} /> : null}
              </ListBoxItem>
            ))}
          </ListBox>
        </nav>
        {/* A scrolling region has to be reachable by keyboard where nothing in it takes the focus. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className={styles.scroll} role="region" aria-label={chosen?.title() ?? m.place_settings()} tabIndex={0}>
          {held.isError ? <ErrorNotice reason={held.error} about={m.place_settings()} /> : null}
          {chosen && held.data ? (
            <div className={styles.section} key={chosen.id}>
              <h2 className={styles.title}>{chosen.title()}</h2>
              {strange
                .filter((one) => one.section === chosen.id)
                .map((one) => (
                  <Callout key={one.section} tone="warn" title={m.settings_strange_title()}>
                    <p>{m.settings_strange_body({ reason: sayIn(null, one.reason) })}</p>
                  </Callout>
                ))}
              <chosen.Component settings={held.data} />
            </div>
          ) : null}
          {chosen ? null : <EmptyState title={m.settings_none_title({ typed })}>{m.settings_none_body()}</EmptyState>}
        </div>
      </div>
    </Page>
  );
}
