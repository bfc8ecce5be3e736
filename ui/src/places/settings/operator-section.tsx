import { Button } from '@/kit/button';
import { m } from '@/messages';
import { setOperator } from '@/queries';
import { Block } from './block';
import { CommitField } from './commit-field';
import type { SectionProps } from './section-props';
import styles from './settings.module.css';
import { useSaved } from './use-saved';

export function OperatorSection({ settings }: SectionProps) {
  const { chosen, now } = settings.operator;
  const { save, refused } = useSaved(setOperator, chosen, m.settings_operator());
  return (
    <>
      {refused}
      <Block title={m.operator_title()} why={m.operator_why()}>
        <CommitField
          label={m.operator_name()}
          value={now}
          help={chosen === null ? m.operator_of_system() : m.operator_chosen()}
          read={(text) => (text.trim() === '' ? { wrong: m.operator_empty() } : { value: text.trim() })}
          onCommit={save}
        />
        {chosen === null ? null : (
          <div className={styles.row}>
            <Button onPress={() => save(null)}>{m.operator_use_system()}</Button>
          </div>
        )}
      </Block>
    </>
  );
}
