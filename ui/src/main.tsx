import './styles/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connectToDesk } from './ipc/connect';
import { locale } from './messages';
import { setBusy } from './parts/busy';
import { newQueryClient } from './queries';
import { App } from './shell/app';
import { newRouter } from './shell/router';

async function start(): Promise<void> {
  await connectToDesk();
  document.documentElement.lang = locale();
  const root = document.querySelector('#root');
  if (!root) throw new Error('index.html has no #root');
  const asked = new URLSearchParams(location.search);
  if (import.meta.env.MODE === 'fake' && asked.has('gallery')) {
    const { Gallery } = await import('./gallery/gallery');
    createRoot(root).render(
      <StrictMode>
        <Gallery />
      </StrictMode>,
    );
    return;
  }
  const place = asked.get('place');
  createRoot(root).render(
    <StrictMode>
      <App client={newQueryClient(setBusy)} router={newRouter(place ?? undefined)} />
    </StrictMode>,
  );
}

void start();
