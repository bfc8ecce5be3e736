// The fake desk as a window meets it on a bad day: answers that come late, in another order than they were asked for, or
// never. That pushes come twice is a switch of the core itself.
import type { Ipc } from '../port';
import type { FakeCore } from './core';

/** The same desk, whose answers wait for as long as `hold` says. Without one it answers as it always does. */
export function unreliable<Desk extends FakeCore & Ipc>(fake: Desk): Ipc {
  return new Proxy<Ipc>(fake, {
    get(_target, name: keyof Ipc) {
      const member: unknown = Reflect.get(fake, name, fake);
      if (typeof member !== 'function' || name.startsWith('on')) return member;
      return (...parameters: unknown[]) => {
        const gate = fake.held(name);
        const answer = () => Reflect.apply(member, fake, parameters) as Promise<unknown>;
        // What it answers is what held when it was asked; only the way back is slow.
        return gate === undefined ? answer() : Promise.allSettled([answer()]).then(async ([settled]) => {
          await gate;
          if (settled.status === 'rejected') throw settled.reason;
          return settled.value;
        });
      };
    },
  });
}
