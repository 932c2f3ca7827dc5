// Messages on their way. They go out one after the other, each until the server has answered for
// it; when the connection breaks they wait and start again. The server knows a message by its id,
// so sending one twice cannot show it twice.

import type { Answer, Draft, Message, Problem } from "../shared/events.ts";

/** What the outbox needs and whom it tells. */
export interface OutboxPort {
  /** Sends once. `"lost"` when no answer came. */
  send(draft: Draft): Promise<Answer<Message> | "lost">;
  isConnected(): boolean;
  onSent(draft: Draft, message: Message): void;
  onRefused(draft: Draft, problem: Problem): void;
}

/** Drafts in the order they were written, until each is answered for. */
export class Outbox {
  readonly #port: OutboxPort;
  #waiting: readonly Draft[] = [];
  /** Counts the starts, so that a run from before a reconnection notices that it is over. */
  #run = 0;
  #isRunning = false;

  constructor(port: OutboxPort) {
    this.#port = port;
  }

  /** Sends a draft as soon as everything before it is settled. */
  add(draft: Draft): void {
    this.#waiting = [...this.#waiting, draft];
    if (!this.#isRunning && this.#port.isConnected()) this.resume();
  }

  /** The connection is there (again): send what waits, from the first. */
  resume(): void {
    this.#run += 1;
    void this.#drain(this.#run);
  }

  async #drain(run: number): Promise<void> {
    this.#isRunning = true;
    for (let draft = this.#waiting[0]; draft !== undefined; draft = this.#waiting[0]) {
      const answer = await this.#port.send(draft);
      if (run !== this.#run) return;
      if (answer !== "lost") this.#settle(draft, answer);
      else if (!this.#port.isConnected()) break;
    }
    this.#isRunning = false;
  }

  #settle(draft: Draft, answer: Answer<Message>): void {
    this.#waiting = this.#waiting.filter(({ id }) => id !== draft.id);
    if (answer.ok) this.#port.onSent(draft, answer.value);
    else this.#port.onRefused(draft, answer.problem);
  }
}
