import { Plus } from 'lucide-react';
import { useState } from 'react';
import { shownName } from '@/domain/path';
import type { FormView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { MenuButton } from '@/kit/menu';
import { SearchField } from '@/kit/search-field';
import { locale, m } from '@/messages';
import styles from './forms.module.css';
import { formNames } from './told-apart';

/** More than a menu shows at once. */
const MANY = 12;

/** Offers the forms that an entry does not carry: in a menu, or where they are many in a list that can be searched. */
export function AddForm({ offered, among, onChoose }: { offered: readonly FormView[]; /** All that there are, among which those of one name are told apart. */ among: readonly FormView[]; onChoose: (form: FormView) => void }) {
  const [open, setOpen] = useState(false);
  const names = formNames(among);
  const named = offered.map((form) => ({ form, name: names.get(form.id) ?? form.name }));
  const words = (
    <>
      <Plus aria-hidden size={14} /> {m.form_add()}
    </>
  );
  if (offered.length <= MANY) {
    const acts = named.map(({ form, name }) => ({ id: form.id, label: shownName(name), run: () => onChoose(form) }));
    return <MenuButton label={m.form_add()} parts={[{ id: 'forms', acts }]} trigger={<Button>{words}</Button>} />;
  }
  return (
    <>
      <Button onPress={() => setOpen(true)}>{words}</Button>
      {open ? (
        <Choosing
          offered={named}
          onChoose={(form) => {
            setOpen(false);
            onChoose(form);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

function Choosing({ offered, onChoose, onClose }: { offered: readonly { form: FormView; name: string }[]; onChoose: (form: FormView) => void; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const plain = (text: string) => text.toLocaleLowerCase(locale());
  const found = offered.filter(({ name }) => plain(name).includes(plain(typed.trim()))).toSorted((a, b) => a.name.localeCompare(b.name, locale()));
  const [first] = found;
  return (
    <Dialog title={m.form_choose()} onClose={onClose} closeLabel={m.close()} actions={<Button onPress={onClose}>{m.cancel()}</Button>}>
      <SearchField label={m.form_find()} value={typed} onChange={setTyped} onSubmit={() => first && onChoose(first.form)} />
      {found.length === 0 ? <p className={styles.said}>{m.form_find_none()}</p> : null}
      <ul className={styles.found}>
        {found.map(({ form, name }) => (
          <li key={form.id}>
            <Button tone="quiet" onPress={() => onChoose(form)}>
              {shownName(name)}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
