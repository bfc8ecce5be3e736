// The work of others in the desk: a list that is searched by name and licence, with the texts that have to go along.
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { SearchField } from '@/kit/search-field';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { Block } from './block';
import styles from './licences-block.module.css';
import { findParties, thirdParties, type ThirdParty } from './third-party';

export function LicencesBlock() {
  const held = useQuery(thirdParties);
  const [typed, setTyped] = useState('');
  const looked = useDeferredValue(typed);
  if (held.isError) return <ErrorNotice reason={held.error} about={m.about_others()} />;
  if (!held.data) return null;
  const { packages, texts } = held.data;
  const found = findParties(packages, looked);
  const n = formatNumber(packages.length, locale());
  return (
    <Block title={m.about_others()} why={m.about_others_why({ n })}>
      <div className={styles.find}>
        <SearchField label={m.about_others_find()} value={typed} onChange={setTyped} />
        <span className={styles.count} role="status">
          {found.length === packages.length ? null : m.about_others_found({ found: formatNumber(found.length, locale()), n })}
        </span>
      </div>
      {found.length === 0 ? null : (
        <ul className={styles.scroll} aria-label={m.about_others()}>
          {found.map((one) => (
            <Party key={`${one.kind} ${one.name} ${one.version}`} party={one} texts={texts} />
          ))}
        </ul>
      )}
    </Block>
  );
}

function Party({ party, texts }: { party: ThirdParty; texts: readonly string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <li className={styles.party}>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className={styles.line}>
          <ChevronRight aria-hidden size={14} className={styles.chevron} />
          <span translate="no" className={styles.name}>{party.name}</span>
          <span translate="no" className={styles.version}>{party.version}</span>
          <span translate="no" className={styles.licence}>{party.licence}</span>
        </summary>
        {open ? (
          <div className={styles.body}>
            <span data-text translate="no" className={styles.address}>
              {party.address}
            </span>
            {party.texts.length === 0 ? <p>{m.about_others_no_text()}</p> : null}
            {party.texts.map((number) => (
              <pre key={number} data-text translate="no" className={styles.text}>
                {texts[number]}
              </pre>
            ))}
          </div>
        ) : null}
      </details>
    </li>
  );
}
