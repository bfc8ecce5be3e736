import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changes, type Draft, draftOf, emptyOf, problemsOf } from '@/domain/attributes';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { EntryView, FormView, PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { ProgressBar } from '@/kit/progress-bar';
import { Select } from '@/kit/select';
import { Skeleton } from '@/kit/skeleton';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { forms as formsQuery } from '@/queries';
import { FormFields, formNames, Leaving, toldForm } from '@/parts/forms';
import styles from './forms.module.css';
import { useFillMany } from './use-fill-many';

/** What is to become of the fields, by a form. */
interface Filled {
  before: Draft;
  now: Draft;
  emptied: ReadonlySet<string>;
}

const n = (value: number) => formatNumber(value, locale());

/** The same fields for several files, one file after the other. What is neither filled in nor emptied stays on each as it is. */
export function FillDialog({ place, entries, name, onFilled, onClose }: { place: PlaceView; entries: readonly EntryView[]; name: string; onFilled: () => void; onClose: () => void }) {
  const all = useQuery(formsQuery(place.connection ?? '', place.connection !== null));
  const [chosen, setChosen] = useState<string | null>(null);
  const [drafts, setDrafts] = useState<Readonly<Record<string, Filled>>>({});
  const [tries, setTries] = useState(0);
  const [leaving, setLeaving] = useState(false);
  const filling = useFillMany(place.connection);
  const form = all.data?.find((one) => one.id === chosen) ?? all.data?.[0];
  const names = formNames(all.data ?? []);
  const draft = form ? (drafts[form.id] ?? fresh(form)) : null;
  if (form && draft && !drafts[form.id]) setDrafts({ ...drafts, [form.id]: draft });
  const typed = form?.attributes.filter(({ key }) => !draft?.emptied.has(key)) ?? [];
  const emptied = form?.attributes.filter(({ key }) => draft?.emptied.has(key)) ?? [];
  const problems = draft ? problemsOf(typed, draft.before, draft.now, 'changed') : new Map();
  const values = draft ? [...changes(typed, draft.before, draft.now), ...emptied.map(emptyOf)] : [];
  const change = (next: Partial<Filled>) => form && draft && setDrafts({ ...drafts, [form.id]: { ...draft, ...next } });
  const { state } = filling;
  const failed = state?.failed ?? [];
  const again = state !== null && !state.running && failed.length > 0;
  const close = () => {
    filling.stop();
    if (state !== null && state.filled > 0) onFilled();
    onClose();
  };
  // Once it ran, what is left to do stands in the list of files and is nobody's typing any more.
  const leave = () => (values.length > 0 && state === null ? setLeaving(true) : close());
  const start = async (rest: readonly EntryView[]) => {
    setTries(tries + 1);
    if (!form || problems.size > 0 || values.length === 0) return;
    const left = await filling.start({ form: form.id, values }, rest);
    if (left !== 0) return;
    toast({ text: m.fill_done({ count: entries.length, n: n(entries.length), form: shownName(form.name) }) });
    onFilled();
    onClose();
  };
  return (
    <>
      <Dialog
        title={m.fill_title({ count: entries.length, n: n(entries.length) })}
        onClose={leave}
        closeLabel={m.close()}
        wide
        actions={
          <>
            <Button onPress={leave}>{state?.running ? m.fill_stop() : state ? m.close() : m.cancel()}</Button>
            <Button tone="go" isDisabled={state?.running === true || values.length === 0} onPress={() => void start(again ? failed.map((one) => one.entry) : entries)}>
              {again ? m.fill_again({ count: failed.length, n: n(failed.length) }) : m.fill_now({ count: entries.length, n: n(entries.length) })}
            </Button>
          </>
        }
      >
        {all.isPending ? <Skeleton label={m.forms_asking({ place: name })} lines={5} /> : null}
        {all.isError ? <ErrorNotice reason={all.error} about={name} actions={<Button onPress={() => void all.refetch()}>{m.act_retry()}</Button>} /> : null}
        {all.data?.length === 0 ? <p>{m.forms_none_there({ place: name })}</p> : null}
        {state?.running ? (
          <div role="status">
            <p className={styles.said}>{m.fill_running({ n: n(state.filled + failed.length), all: n(state.all) })}</p>
            <ProgressBar label={m.fill_progress()} percent={Math.round(((state.filled + failed.length) / state.all) * 100)} />
          </div>
        ) : null}
        {again ? (
          <Callout tone="bad" title={m.fill_failed({ n: n(failed.length), filled: n(entries.length - failed.length), all: n(entries.length) })} live>
            <ul className={styles.failures}>
              {failed.map(({ entry, why }) => (
                <li key={entry.path}>
                  <strong>{shownName(entry.name)}</strong> {why}
                </li>
              ))}
            </ul>
          </Callout>
        ) : null}
        {form && draft && all.data ? (
          <>
            {all.data.length > 1 ? <Select label={m.fill_form()} options={all.data.map((one) => ({ id: one.id, label: shownName(names.get(one.id) ?? one.name) }))} value={form.id} onChange={setChosen} /> : null}
            <p className={styles.said}>{m.fill_means()}</p>
            <FormFields
              key={form.id}
              filled={{ form: { ...form, attributes: toldForm(form).attributes.filter((one) => !one.readOnly).map((one) => ({ ...one, required: false })) }, values: [] }}
              draft={draft.now}
              problems={problems}
              tries={tries}
              emptying={{
                emptied: draft.emptied,
                may: new Set(form.attributes.filter((one) => !one.required).map(({ key }) => key)),
                onEmpty: (key, empty) => change({ emptied: new Set(empty ? [...draft.emptied, key] : [...draft.emptied].filter((one) => one !== key)) }),
              }}
              onChange={(now) => change({ now })}
              onSubmit={() => void start(again ? failed.map((one) => one.entry) : entries)}
            />
          </>
        ) : null}
      </Dialog>
      {leaving ? <Leaving onLeave={close} onStay={() => setLeaving(false)} /> : null}
    </>
  );
}

function fresh(form: FormView): Filled {
  const before = draftOf(form.attributes, []);
  return { before, now: before, emptied: new Set() };
}
