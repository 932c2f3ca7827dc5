// Who is writing in the room on show. A name goes away when its owner says so, sends a message, or
// has not been heard of for a while: the last word may have been lost.

import type { Person } from "../shared/events.ts";
import { byId } from "./element.ts";

const forgetMs = 5000;

/** The line below the messages. */
export class TypingList {
  readonly #line: HTMLElement = byId("typing", HTMLElement);
  readonly #text: HTMLElement = byId("typing-text", HTMLElement);
  readonly #writers: Map<string, { readonly name: string; readonly timer: number }> = new Map();

  heard(person: Person, isTyping: boolean): void {
    this.#remove(person.id);
    if (isTyping) {
      const timer = window.setTimeout(() => this.gone(person.id), forgetMs);
      this.#writers.set(person.id, { name: person.name, timer });
    }
    this.#show();
  }

  /** This person is not writing, whatever was heard before. */
  gone(personId: string): void {
    this.#remove(personId);
    this.#show();
  }

  /** Another room is shown. */
  clear(): void {
    for (const id of [...this.#writers.keys()]) this.#remove(id);
    this.#show();
  }

  #remove(personId: string): void {
    const writer = this.#writers.get(personId);
    if (writer !== undefined) window.clearTimeout(writer.timer);
    this.#writers.delete(personId);
  }

  #show(): void {
    const text = sentenceOf(Array.from(this.#writers.values(), ({ name }) => name));
    if (this.#text.textContent !== text) this.#text.textContent = text;
    this.#line.classList.toggle("is-active", text !== "");
  }
}

function sentenceOf(names: readonly string[]): string {
  const [first, second, ...others] = names;
  if (first === undefined) return "";
  if (second === undefined) return `${first} is typing`;
  if (others.length === 0) return `${first} and ${second} are typing`;
  return `${names.length} people are typing`;
}
