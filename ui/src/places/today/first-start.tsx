import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { FlaskConical, Import, Link2, type LucideIcon } from 'lucide-react';
import { Button as AriaButton } from 'react-aria-components';
import { Kbd } from '@/kit/kbd';
import { Spinner } from '@/kit/skeleton';
import { m } from '@/messages';
import { useCommands } from '@/parts/commands';
import { ErrorNotice } from '@/parts/error-notice';
import { openAddConnection, openImport } from '@/parts/open-dialog';
import { demoState, joinDemo } from '@/queries';
import styles from './first-start.module.css';

/** Nothing is there yet: three ways to begin, one key each. */
export function FirstStart() {
  const client = useQueryClient();
  const state = useQuery(demoState);
  const joining = useMutation({
    ...joinDemo,
    onSuccess: (demo) => client.setQueryData(demoState.queryKey, demo),
  });
  const join = () => {
    if (!joining.isPending) joining.mutate();
  };
  const ways: readonly { id: string; Icon: LucideIcon; title: string; body: string; run: () => void; busy?: boolean }[] = [
    { id: 'demo', Icon: FlaskConical, title: m.first_demo(), body: m.first_demo_body(), run: join, busy: joining.isPending },
    { id: 'import', Icon: Import, title: m.first_import(), body: m.first_import_body(), run: openImport },
    { id: 'add', Icon: Link2, title: m.first_add(), body: m.first_add_body(), run: openAddConnection },
  ];
  useCommands(ways.map((way, at) => ({ id: `first.${way.id}`, title: way.title, keys: String(at + 1), run: way.run })));
  return (
    <div className={styles.start}>
      <h2 className={styles.title}>{m.first_title()}</h2>
      <p className={styles.body}>{m.first_body()}</p>
      <ul className={styles.ways}>
        {ways.map((way, at) => (
          <li key={way.id}>
            <AriaButton className={styles.way} onPress={way.run} autoFocus={at === 0} isPending={way.busy ?? false}>
              <way.Icon aria-hidden size={20} strokeWidth={1.6} />
              <span className={styles.words}>
                <b>{way.title}</b>
                <span>{way.body}</span>
              </span>
              {way.busy ? <Spinner label={m.loading()} /> : <Kbd>{String(at + 1)}</Kbd>}
            </AriaButton>
          </li>
        ))}
      </ul>
      {joining.isError ? <ErrorNotice reason={joining.error} about={m.first_demo()} /> : null}
      {state.isError ? <ErrorNotice reason={state.error} about={m.first_demo()} /> : null}
    </div>
  );
}
