import { Globe, ListFilter, X } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { lastName, shownName } from '@/domain/path';
import { Button, IconButton } from '@/kit/button';
import { Popover } from '@/kit/popover';
import { Segmented } from '@/kit/segmented';
import { locale, m } from '@/messages';
import { Filters } from './filters';
import styles from './search.module.css';
import type { RemoteSearch } from './use-search';

/** Stands below the path while something is looked for: the way from the open folder to the whole remote, and back. */
export function SearchBar({ search, name, path, kind }: { search: RemoteSearch; name: string; path: string; kind: string }) {
  const { filters, draft, sought } = search;
  if (filters === null || (sought === null && draft.text.trim() === '')) return null;
  const set = draft.filters.filter(({ value }) => value.trim() !== '').length;
  const folder = path === '/' ? (draft.within ?? path) : path;
  return (
    <search className={styles.bar} aria-label={m.search_on({ place: name })}>
      {sought === null ? (
        <Button tone="go" shortcut="Enter" onPress={() => search.begin()}>
          <Globe aria-hidden size={14} /> <span className={styles.cut}>{m.search_on({ place: name })}</span>
        </Button>
      ) : null}
      {folder === '/' ? null : (
        <Segmented
          label={m.search_where()}
          segments={[
            { id: 'all', label: m.search_everywhere() },
            { id: 'here', label: m.search_below({ folder: shownName(lastName(folder)) }) },
          ]}
          chosen={draft.within === null ? 'all' : 'here'}
          onChoose={(id) => {
            const within = id === 'here' ? folder : null;
            if (sought) search.begin({ within });
            else search.type({ within });
          }}
        />
      )}
      {filters.length > 0 ? (
        <Popover
          label={m.search_filters()}
          trigger={
            <Button>
              <ListFilter aria-hidden size={14} /> {set > 0 ? m.search_filters_set({ n: formatNumber(set, locale()) }) : m.search_filters()}
            </Button>
          }
        >
          {(close) => <Filters search={search} kind={kind} onDone={close} />}
        </Popover>
      ) : null}
      {sought ? (
        <span className={styles.push}>
          <IconButton label={m.search_leave()} onPress={search.leave}>
            <X aria-hidden size={16} />
          </IconButton>
        </span>
      ) : null}
    </search>
  );
}
