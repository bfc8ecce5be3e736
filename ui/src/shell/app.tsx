import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { AttentionView } from '@/ipc';
import { locale } from '@/messages';
import { isDialogOpen } from '@/parts/open-dialog';
import { setQuestions } from '@/parts/questions';
import { followDesk, tellPainted } from '@/queries';
import type { newRouter } from './router';
import { Looks } from './looks';
import { Told } from './told';

/** The whole window over one cache and one router. */
export function App({ client, router }: { client: QueryClient; router: ReturnType<typeof newRouter> }) {
  const [told, setTold] = useState<readonly AttentionView[]>([]);
  useEffect(() => followDesk(client, newTeller((one) => setTold((others) => [...others, one])), setQuestions), [client]);
  useEffect(afterPaint, []);
  return (
    <I18nProvider locale={locale()}>
      <QueryClientProvider client={client}>
        <Looks>
          <RouterProvider router={router} />
          {told.map((one) => (
            <Told key={one.id} question={one} onGone={() => setTold((others) => others.filter((other) => other !== one))} />
          ))}
        </Looks>
      </QueryClientProvider>
    </I18nProvider>
  );
}

/** The second frame begins when the first one stands. Until the desk hears of it, it takes the window for empty. */
function afterPaint(): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(() => void tellPainted(locale()).catch(() => {}));
  });
  return () => cancelAnimationFrame(frame);
}

/** A new question is announced once, however often it is pushed, and never into somebody's typing. */
function newTeller(announce: (attention: AttentionView) => void): (attention: AttentionView) => void {
  const told = new Set<string>();
  return (attention) => {
    if (told.has(attention.id)) return;
    told.add(attention.id);
    if (!isDialogOpen()) announce(attention);
  };
}
