// The changes of a view as an asynchronous iterator. A slow reader gets fewer and larger differences: what it was not told
// is merged, and nothing is queued.

import { Changes } from "./changes.ts";
import type { GroupWatcher } from "./group.ts";
import type { PresenceDiff, PresentUser } from "./users.ts";

/** What a stream reads. */
export interface DiffSource<Meta> {
  list(): readonly PresentUser<Meta>[];
  get(user: string): PresentUser<Meta> | undefined;
  watch(watcher: GroupWatcher<Meta>): () => void;
}

type Result<Meta> = IteratorResult<PresenceDiff<Meta>, undefined>;
const DONE = { done: true, value: undefined } as const;

/** Reads changes; begins with all users that are present, as joined. */
export class DiffStream<Meta>
  implements AsyncIterableIterator<PresenceDiff<Meta>, undefined>, GroupWatcher<Meta>
{
  readonly #source: DiffSource<Meta>;
  readonly #changes = new Changes<Meta>();
  readonly #unwatch: () => void;
  readonly #waiting: ((result: Result<Meta>) => void)[] = [];
  #isScheduled = false;
  #isDone = false;

  constructor(source: DiffSource<Meta>) {
    this.#source = source;
    for (const { user } of source.list()) this.#changes.touch(user, undefined);
    this.#unwatch = source.watch(this);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<Result<Meta>> {
    if (this.#isDone) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  return(): Promise<Result<Meta>> {
    this.#unwatch();
    this.onClosed();
    return Promise.resolve(DONE);
  }

  onTouched(user: string, before: PresentUser<Meta> | undefined): void {
    this.#changes.touch(user, before);
    this.#schedule();
  }

  onClosed(): void {
    this.#isDone = true;
    for (const resolve of this.#waiting.splice(0)) resolve(DONE);
  }

  /** When the turn is over, so that what it has changed is one difference. */
  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0 || this.#changes.isEmpty) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (this.#waiting.length === 0) return;
      const value = this.#changes.take((user) => this.#source.get(user));
      if (value !== null) this.#waiting.shift()?.({ done: false, value });
    });
  }
}
