import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { countProblems, filledDrafts, fillingIn, formsToFill, missingIn, type Touched, touchedBy } from '@/domain/filling';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { FilledFormDraft, FormView, PlaceView } from '@/ipc';
import { Button, Link } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Disclosure } from '@/kit/disclosure';
import { Skeleton } from '@/kit/skeleton';
import { locale, m } from '@/messages';
import { connections, connectorSpecs, forms as formsQuery, formsExpected } from '@/queries';
import { AddForm, SeveralForms } from '../forms';
import { carriesForms, expectedAt } from './expected';
import styles from './metadata.module.css';

/** A folder is asked about once its typing rests. */
const RESTS_MS = 400;

const n = (value: number) => formatNumber(value, locale());

export interface Metadata {
  /** What a dialog shows of it; nothing where files of the connection carry no forms. */
  panel: ReactNode;
  /** Stands beside the buttons of the dialog: what is missing, and the way there. */
  lacking: ReactNode;
  /** Runs `go` with what the files get; where something is wrong it shows that instead. */
  through: (go: (forms: FilledFormDraft[]) => void) => void;
}

/** What the files of one send get, for a dialog that asks where they go. `onSubmit` is Enter in one of the fields. */
export function useMetadata(to: PlaceView, onSubmit: () => void): Metadata {
  const client = useQueryClient();
  const all = useQuery(connections).data;
  const carries = carriesForms(to.connection, all, useQuery(connectorSpecs).data) === true;
  const [rested, setRested] = useState(to);
  const rests = same(rested, to);
  useEffect(() => {
    if (rests) return;
    const soon = setTimeout(() => setRested(to), rested.connection === to.connection ? RESTS_MS : 0);
    return () => clearTimeout(soon);
  }, [rests, rested, to]);

  const expected = useQuery(formsExpected(rested, carries && rests));
  const [added, setAdded] = useState<Readonly<Record<string, readonly FormView[]>>>({});
  const [touched, setTouched] = useState<Touched>({});
  const [opened, setOpened] = useState<boolean | null>(null);
  const [pressed, setPressed] = useState({ to, tries: 0, leads: 0 });
  // Another folder is another question: nobody has tried to send it yet, and whoever types its path keeps the focus.
  if (!same(pressed.to, to)) setPressed({ to, tries: 0, leads: 0 });
  const [asking, setAsking] = useState(false);
  const closed = useRef(false);
  useEffect(() => {
    closed.current = false;
    return () => {
      closed.current = true;
    };
  }, []);
  const here = to.connection ?? '';
  const mine = added[here];
  const toFill = useMemo(() => formsToFill((rests && expected.data) || [], mine ?? []), [rests, expected.data, mine]);
  const filling = fillingIn(toFill, touched);
  // Who sends while the folder is asked sees that it is.
  const open = asking || (opened ?? expected.data?.some(({ lacks }) => lacks) ?? false);
  const offered = (useQuery(formsQuery(here, carries && open)).data ?? []).filter(({ id }) => toFill.every(({ form }) => form.id !== id));

  const judge = (now: typeof filling, go: (forms: FilledFormDraft[]) => void) => {
    setPressed({ ...pressed, tries: pressed.tries + 1 });
    if (countProblems(now) === 0) go(filledDrafts(now));
    else setOpened(true);
  };
  const through: Metadata['through'] = (go) => {
    if (!carries) return go([]);
    if (asking) return;
    if (rests && !expected.isFetching) return judge(filling, go);
    // The answer is drawn as well: it is the one that the open folder is asked for.
    setRested(to);
    setAsking(true);
    void expectedAt(client, to).then((found) => {
      // Whoever closed the dialog meanwhile wants nothing sent.
      if (closed.current) return;
      setAsking(false);
      judge(fillingIn(formsToFill(found, mine ?? []), touched), go);
    });
  };

  const place = all?.find((one) => one.id === to.connection)?.name ?? '';
  const panel = carries ? (
    <Disclosure title={m.metadata_title()} open={open} onOpen={setOpened}>
      <div className={styles.panel}>
        {!rests || expected.isPending ? <Skeleton label={m.metadata_asking({ place })} lines={2} /> : null}
        {rests && expected.isError ? (
          <Callout tone="warn" title={m.metadata_unasked({ place })} actions={<Button onPress={() => void expected.refetch()}>{m.act_retry()}</Button>}>
            <p>{m.metadata_unasked_body()}</p>
          </Callout>
        ) : null}
        {rests && expected.data ? <p className={styles.means}>{filling.length > 0 ? m.metadata_means() : m.metadata_none({ folder: `${place}:${shownName(to.path)}` })}</p> : null}
        {filling.length > 0 ? (
          <SeveralForms
            forms={filling}
            tries={pressed.tries}
            leads={pressed.leads}
            onChange={(one, draft) => setTouched(touchedBy(one, draft, touched))}
            onTakeOut={({ form }) => {
              setAdded({ ...added, [here]: (mine ?? []).filter(({ id }) => id !== form.id) });
              setTouched({ ...touched, [form.id]: {} });
            }}
            onSubmit={onSubmit}
          />
        ) : null}
        {offered.length > 0 ? (
          <div className={styles.add}>
            <AddForm offered={offered} among={[...toFill.map(({ form }) => form), ...offered]} onChoose={(form) => setAdded({ ...added, [here]: [...(mine ?? []), form] })} />
          </div>
        ) : null}
      </div>
    </Disclosure>
  ) : null;
  const missing = missingIn(filling);
  const lacking =
    carries && missing.all > 0 ? (
      <div className={styles.lacking}>
        <CircleAlert aria-hidden size={14} />
        <Link
          onPress={() => {
            setOpened(true);
            setPressed({ ...pressed, leads: pressed.leads + 1 });
          }}
        >
          {missing.added === 0 ? m.metadata_asked({ count: missing.all, n: n(missing.all) }) : m.metadata_missing({ count: missing.all, n: n(missing.all) })}
        </Link>
      </div>
    ) : null;
  return { panel, lacking, through };
}

const same = (one: PlaceView, other: PlaceView): boolean => one.connection === other.connection && one.path === other.path;
