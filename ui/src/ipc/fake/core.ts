// What every part of the fake desk shares: its data, its pushes, and the refusals that a test asks for.
import type { AttentionView, IpcError, ProgressBatchView, QuestionView, TopicView } from '../bindings';
import { IpcFailure } from '../failure';
import type { DragEvent, Ipc, Unsubscribe } from '../port';
import type { FakeData } from './data';

class Listeners<T> {
  #all = new Set<(value: T) => void>();
  add = (tell: (value: T) => void): Unsubscribe => {
    this.#all.add(tell);
    return () => this.#all.delete(tell);
  };
  tell(value: T): void {
    for (const one of this.#all) one(value);
  }
}

export function refuse(error: IpcError): never {
  throw new IpcFailure(error);
}

export class FakeCore {
  readonly data: FakeData;
  /** What the next calls of a name are refused with. */
  readonly refusals = new Map<keyof Ipc, IpcError>();
  readonly topics = new Listeners<TopicView[]>();
  readonly progress = new Listeners<ProgressBatchView>();
  readonly raised = new Listeners<AttentionView>();
  readonly dragged = new Listeners<DragEvent>();
  readonly asked = new Listeners<QuestionView[]>();

  constructor(data: FakeData) {
    this.data = data;
  }

  check(call: keyof Ipc): void {
    const refusal = this.refusals.get(call);
    if (refusal) refuse(refusal);
  }
}
