// The messages of one room as this page knows them: those the server has accepted, without
// duplicates and in order, and the drafts still on their way. Pure state, no view and no network.

import type { Draft, Message } from "../shared/events.ts";
import { historyLength } from "../shared/limits.ts";

const mostKept = 500;

/** A draft, and when it was written by this device's clock. */
export interface WaitingDraft {
  readonly draft: Draft;
  readonly at: number;
}

/** What happened in one room. */
export class Timeline {
  #messages: readonly Message[] = [];
  #drafts: readonly WaitingDraft[] = [];

  messages(): readonly Message[] {
    return this.#messages;
  }

  drafts(): readonly WaitingDraft[] {
    return this.#drafts;
  }

  /** Adds messages that are not known yet. After a restart of the server, the old ones stay. */
  merge(messages: readonly Message[]): void {
    const known = new Set(this.#messages.map(keyOf));
    const fresh = messages.filter((message) => !known.has(keyOf(message)));
    this.#messages = [...this.#messages, ...fresh]
      .sort((one, other) => one.at - other.at)
      .slice(-mostKept);
  }

  /** Takes over a room's history. What is known stays, unless messages are missing in between. */
  load(history: readonly Message[]): void {
    const known = new Set(this.#messages.map(keyOf));
    const mayMiss = history.length >= historyLength;
    if (mayMiss && !history.some((message) => known.has(keyOf(message)))) this.#messages = [];
    this.merge(history);
  }

  /** A draft goes on its way. */
  wait(draft: Draft): void {
    this.#drafts = [...this.#drafts, { draft, at: Date.now() }];
  }

  /** A draft is on its way no longer: it was accepted or refused. */
  settle(draftId: string): void {
    this.#drafts = this.#drafts.filter(({ draft }) => draft.id !== draftId);
  }
}

/** What names a message for ever: its author, and the id the author's page gave it. */
export function keyOf(message: Pick<Message, "id" | "author">): string {
  return `${message.author.id}/${message.id}`;
}
