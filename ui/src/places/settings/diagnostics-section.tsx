import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/kit/button';
import { Tabs } from '@/kit/tabs';
import { toast } from '@/kit/toast';
import { m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { openExchanges } from '@/parts/open-dialog';
import { makeDiagnostics, saveDiagnostics } from '@/queries';
import { Block } from './block';
import styles from './settings.module.css';

/** What is handed over is read first, and saved as it was read. */
export function DiagnosticsSection() {
  const making = useMutation(makeDiagnostics);
  const saving = useMutation({
    ...saveDiagnostics,
    onSuccess: (path) => {
      if (path !== null) toast({ text: m.diagnostics_saved({ path }) });
    },
  });
  const [chosen, setChosen] = useState('about.txt');
  const files = making.data ?? [];
  return (
    <>
      <Block title={m.diagnostics_title()} why={m.diagnostics_why()}>
        <div className={styles.row}>
          <Button isDisabled={making.isPending} onPress={() => making.mutate()}>
            {files.length > 0 ? m.diagnostics_again() : m.diagnostics_make()}
          </Button>
          <Button tone="go" isDisabled={files.length === 0 || saving.isPending} onPress={() => saving.mutate()}>
            {m.diagnostics_save()}
          </Button>
        </div>
        {making.isError ? <ErrorNotice reason={making.error} about={m.settings_diagnostics()} /> : null}
        {saving.isError ? <ErrorNotice reason={saving.error} about={m.settings_diagnostics()} /> : null}
        {files.length > 0 ? (
          <Tabs
            label={m.diagnostics_files()}
            chosen={files.some((file) => file.name === chosen) ? chosen : (files[0]?.name ?? '')}
            onChoose={setChosen}
            tabs={files.map((file) => ({
              id: file.name,
              title: file.name,
              content: (
                // A scrolling region has to be reachable by keyboard where nothing in it takes the focus.
                // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
                <pre className={styles.preview} translate="no" tabIndex={0}>
                  {file.text === '' ? m.diagnostics_empty() : file.text}
                </pre>
              ),
            }))}
          />
        ) : null}
        <span className={styles.help}>{m.diagnostics_names()}</span>
      </Block>
      <Block title={m.said_title()} why={m.said_why()}>
        <div className={styles.row}>
          <Button onPress={() => openExchanges(null)}>{m.said_open()}</Button>
        </div>
        <span className={styles.help}>{m.said_masked()}</span>
      </Block>
    </>
  );
}
