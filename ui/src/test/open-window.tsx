// The whole window over a fake desk, as a test opens it.
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { answerWith } from '@/ipc';
import { busyDay, type FakeData } from '@/ipc/fake/data';
import { FakeIpc } from '@/ipc/fake/fake-ipc';
import { unreliable } from '@/ipc/fake/unreliable';
import { setBusy } from '@/parts/busy';
import { newQueryClient } from '@/queries';
import { App } from '@/shell/app';
import { newRouter } from '@/shell/router';

export async function openWindow(place: string, day: FakeData = busyDay(Date.now()), prepare: (fake: FakeIpc) => void = () => {}) {
  const fake = new FakeIpc(day);
  prepare(fake);
  answerWith(unreliable(fake));
  const client = newQueryClient(setBusy);
  render(<App client={client} router={newRouter(place)} />);
  await screen.findByRole('main');
  return { fake, client, person: userEvent.setup() };
}
