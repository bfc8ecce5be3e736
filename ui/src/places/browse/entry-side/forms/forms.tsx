import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { shownName } from '@/domain/path';
import type { FormOfEntryView, FormView, PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { Section } from '@/kit/section';
import { Skeleton } from '@/kit/skeleton';
import { toast } from '@/kit/toast';
import { m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { AddForm, filledLines, formNames, FormShown } from '@/parts/forms';
import { entryForms, forms as formsQuery, keys, takeOffForm } from '@/queries';
import { FormDialog } from './form-dialog';
import styles from './forms.module.css';

/** The forms that an entry carries: shown, edited, put on and taken off. */
export function Forms({ place, name, connectionName, onChanged }: { place: PlaceView; name: string; connectionName: string; onChanged: () => void }) {
  const client = useQueryClient();
  const carried = useQuery(entryForms(place));
  const all = useQuery(formsQuery(place.connection ?? '', place.connection !== null));
  const [editing, setEditing] = useState<FormOfEntryView | null>(null);
  const [adding, setAdding] = useState<FormView | null>(null);
  const [taking, setTaking] = useState<FormOfEntryView | null>(null);
  if (carried.isPending)
    return (
      <Section title={m.forms_title()}>
        <Skeleton label={m.forms_asking({ place: connectionName })} lines={4} />
      </Section>
    );
  if (carried.isError)
    return (
      <Section title={m.forms_title()}>
        <ErrorNotice reason={carried.error} about={connectionName} actions={<Button onPress={() => void carried.refetch()}>{m.act_retry()}</Button>} />
      </Section>
    );
  const offered = (all.data ?? []).filter((form) => carried.data.every((one) => one.form.id !== form.id));
  const among = [...carried.data.map(({ form }) => form), ...offered];
  const names = formNames(among);
  const nameOf = ({ form }: FormOfEntryView) => shownName(names.get(form.id) ?? form.name);
  const changed = () => {
    void client.invalidateQueries({ queryKey: keys.entryForms(place) });
    onChanged();
  };
  const opened = editing ?? (adding ? { form: adding, values: [] } : null);
  const close = () => {
    setEditing(null);
    setAdding(null);
  };
  return (
    <>
      {carried.data.map((one) => (
        <Section key={one.form.id} title={nameOf(one)}>
          <FormShown filled={one} />
          <div className={styles.acts}>
            <Button aria-label={m.form_edit_named({ form: nameOf(one) })} onPress={() => setEditing(one)}>
              {m.form_edit()}
            </Button>
            <Button tone="quiet" aria-label={m.form_take_off_named({ form: nameOf(one) })} onPress={() => setTaking(one)}>
              {m.form_take_off()}
            </Button>
          </div>
        </Section>
      ))}
      <Section title={m.forms_title()}>
        <div className={styles.rest}>
          {carried.data.length === 0 ? <p className={styles.said}>{m.forms_none()}</p> : null}
          {all.isError ? <ErrorNotice reason={all.error} about={connectionName} actions={<Button onPress={() => void all.refetch()}>{m.act_retry()}</Button>} /> : null}
          {offered.length > 0 ? (
            <AddForm offered={offered} among={among} onChoose={setAdding} />
          ) : carried.data.length > 0 && all.isSuccess ? (
            <p className={styles.said}>{m.forms_all()}</p>
          ) : null}
        </div>
      </Section>
      {opened ? <FormDialog key={opened.form.id} place={place} name={name} filled={opened} form={nameOf(opened)} fresh={adding !== null} connectionName={connectionName} onSaved={changed} onClose={close} /> : null}
      {taking ? <TakeOff place={place} name={name} filled={taking} form={nameOf(taking)} connectionName={connectionName} onChanged={changed} onClose={() => setTaking(null)} /> : null}
    </>
  );
}

/** Taking a form off loses its values, so it asks. */
function TakeOff({ place, name, filled, form, connectionName, onChanged, onClose }: { place: PlaceView; name: string; filled: FormOfEntryView; form: string; connectionName: string; onChanged: () => void; onClose: () => void }) {
  const taking = useMutation(takeOffForm);
  return (
    <ConfirmDialog
      title={m.form_take_off_title({ form, name: shownName(name) })}
      lost={{ title: m.form_take_off_lost(), items: filledLines(filled) }}
      confirmLabel={m.form_take_off()}
      cancelLabel={m.cancel()}
      busy={taking.isPending}
      onConfirm={() =>
        taking.mutate(
          { place, form: filled.form.id },
          {
            onSuccess: () => {
              toast({ text: m.form_taken_off({ form, name: shownName(name) }) });
              onChanged();
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>{m.form_take_off_body({ place: connectionName })}</p>
      {taking.isError ? <ErrorNotice reason={taking.error} about={connectionName} /> : null}
    </ConfirmDialog>
  );
}
