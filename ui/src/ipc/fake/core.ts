// What every part of the fake desk shares: its data, its pushes, and the refusals that a test asks for.
import type { AttentionView, IpcError, ProgressBatchView, QuestionView, TopicView } from '../bindings';
import { IpcFailure } from '../failure';
import type { DragEvent, Ipc, Unsubscribe } from '../port';
import type { FakeData } from './data';

/** Who hears a push. On a bad day each comes twice. */
export class Listeners<T> {
  #all = new Set<(value: T) => void>();
  readonly #core: { twice: boolean };

  constructor(core: { twice: boolean }) {
    this.#core = core;
  }

  add = (tell: (value: T) => void): Unsubscribe => {
    this.#all.add(tell);
    return () => this.#all.delete(tell);
  };
  tell(value: T): void {
    for (let times = this.#core.twice ? 2 : 1; times > 0; times -= 1) for (const one of this.#all) one(value);
  }
}

export function refuse(error: IpcError): never {
  throw new IpcFailure(error);
}

export class FakeCore {
  readonly data: FakeData;
  /** What the next calls of a name are refused with. */
  readonly refusals = new Map<keyof Ipc, IpcError>();
  /** Whether each push comes twice. */
  twice = false;
  readonly #held = new Map<keyof Ipc, Promise<void>>();
  readonly topics = new Listeners<TopicView[]>(this);
  readonly progress = new Listeners<ProgressBatchView>(this);
  readonly raised = new Listeners<AttentionView>(this);
  readonly dragged = new Listeners<DragEvent>(this);
  readonly asked = new Listeners<QuestionView[]>(this);

  constructor(data: FakeData) {
    this.data = data;
  }

  /** Lets every answer to this call wait, until the returned function is called. */
  hold(call: keyof Ipc): () => void {
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    this.#held.set(call, gate);
    return () => {
      if (this.#held.get(call) === gate) this.#held.delete(call);
      letGo();
    };
  }

  held(call: keyof Ipc): Promise<void> | undefined {
    return this.#held.get(call);
  }

  check(call: keyof Ipc): void {
    const refusal = this.refusals.get(call);
    if (refusal) refuse(refusal);
  }
}
