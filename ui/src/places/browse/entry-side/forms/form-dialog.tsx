import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changes, draftOf, problemsOf } from '@/domain/attributes';
import { shownName } from '@/domain/path';
import type { FormOfEntryView, PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { toast } from '@/kit/toast';
import { m } from '@/messages';
import { fillForm } from '@/queries';
import { FormFields, Leaving } from '@/parts/forms';
import { Refusal } from './refusal';

/** A form to be filled in. Only what is another than it was is sent; a refusal stands here, and what was typed stays. */
export function FormDialog({
  place,
  name,
  filled,
  form,
  fresh,
  connectionName,
  onSaved,
  onClose,
}: {
  place: PlaceView;
  name: string;
  filled: FormOfEntryView;
  /** What the form is called. */
  form: string;
  /** The entry does not carry it yet. */
  fresh: boolean;
  connectionName: string;
  onSaved: () => void;
  onClose: () => void;
}) {
  const { attributes } = filled.form;
  const [before] = useState(() => draftOf(attributes, filled.values));
  const [draft, setDraft] = useState(before);
  const [tries, setTries] = useState(0);
  const [leaving, setLeaving] = useState(false);
  const filling = useMutation(fillForm);
  const values = changes(attributes, before, draft);
  const problems = problemsOf(attributes, before, draft);
  const save = () => {
    setTries(tries + 1);
    if (problems.size > 0 || filling.isPending) return;
    filling.mutate(
      { place, form: { form: filled.form.id, values } },
      {
        onSuccess: () => {
          toast({ text: m.form_saved({ form, name: shownName(name) }) });
          onSaved();
          onClose();
        },
      },
    );
  };
  const leave = () => (values.length > 0 ? setLeaving(true) : onClose());
  return (
    <>
      <Dialog
        title={m.form_title({ form, name: shownName(name) })}
        onClose={leave}
        closeLabel={m.close()}
        wide
        actions={
          <>
            <Button onPress={leave}>{m.cancel()}</Button>
            <Button tone="go" isDisabled={filling.isPending || (!fresh && values.length === 0)} onPress={save}>
              {fresh ? m.form_put_on() : m.form_save()}
            </Button>
          </>
        }
      >
        {filling.isError ? <Refusal reason={filling.error} place={connectionName} /> : null}
        <FormFields filled={filled} draft={draft} problems={problems} tries={tries} onChange={setDraft} onSubmit={save} />
      </Dialog>
      {leaving ? <Leaving onLeave={onClose} onStay={() => setLeaving(false)} /> : null}
    </>
  );
}
