import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { AttentionView } from '@/ipc';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { attentionLine } from '@/parts/attention-facts';
import { isDialogOpen, openAttention } from '@/parts/open-dialog';
import { setQuestions } from '@/parts/questions';
import { followDesk } from '@/queries';
import type { newRouter } from './router';
import { Looks } from './looks';

/** The whole window over one cache and one router. */
export function App({ client, router }: { client: QueryClient; router: ReturnType<typeof newRouter> }) {
  useEffect(() => followDesk(client, tellAttention, setQuestions), [client]);
  return (
    <I18nProvider locale={locale()}>
      <QueryClientProvider client={client}>
        <Looks>
          <RouterProvider router={router} />
        </Looks>
      </QueryClientProvider>
    </I18nProvider>
  );
}

/** A new question is announced, and never pushed into somebody's typing. */
function tellAttention(attention: AttentionView): void {
  if (isDialogOpen()) return;
  toast({ text: attentionLine(attention), action: { label: m.act_answer(), run: () => openAttention(attention.id) } });
}
