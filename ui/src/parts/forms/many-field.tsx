import type { FieldDraft, Problems } from '@/domain/attributes';
import { shownName } from '@/domain/path';
import { Button } from '@/kit/button';
import { m } from '@/messages';
import { AttributeField } from './attribute-field';
import styles from './forms.module.css';
import type { ToldAttribute } from './told-apart';

/** What several files at once may lose: the fields that are to be emptied on each, and those that may be. */
export interface Emptying {
  emptied: ReadonlySet<string>;
  may: ReadonlySet<string>;
  onEmpty: (key: string, empty: boolean) => void;
}

/** A field for several files at once: left as it is on each of them, filled in, or emptied. */
export function ManyField({
  attribute,
  field,
  problems,
  autoFocus,
  emptying: { emptied, may, onEmpty },
  onChange,
}: {
  attribute: ToldAttribute;
  field: FieldDraft;
  problems: Problems;
  autoFocus: boolean;
  emptying: Emptying;
  onChange: (field: FieldDraft) => void;
}) {
  const name = shownName(attribute.name);
  const goes = emptied.has(attribute.key);
  return (
    <div className={styles.many}>
      {goes ? (
        <div className={styles.goes}>
          <span className={styles.name}>{name}</span>
          <p>{m.fill_emptied()}</p>
        </div>
      ) : (
        <AttributeField attribute={attribute} field={field} at={attribute.key} problems={problems} autoFocus={autoFocus} nothing={m.fill_stays()} onChange={onChange} />
      )}
      {may.has(attribute.key) ? (
        // One button for both ways, so that the focus stays on it.
        <Button tone="quiet" aria-label={goes ? m.fill_leave_named({ name }) : m.fill_empty_named({ name })} onPress={() => onEmpty(attribute.key, !goes)}>
          {goes ? m.fill_leave() : m.fill_empty()}
        </Button>
      ) : null}
    </div>
  );
}
