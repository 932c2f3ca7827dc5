// Who this browser is: a secret key and a name, kept in localStorage so that all its tabs are one
// person. Where storage is forbidden, the tab is a person of its own until it is closed.

import { personNameFrom } from "../shared/names.ts";

const keyEntry = "sockeye-chat.key";
const nameEntry = "sockeye-chat.name";

/** Reads and writes who this browser is. */
export class Identity {
  readonly #fallback: Map<string, string> = new Map();

  /** The secret key, made on first use. */
  key(): string {
    const kept = this.#read(keyEntry);
    if (kept !== undefined && /^[0-9a-f]{32}$/.test(kept)) return kept;
    const made = freshId();
    this.#write(keyEntry, made);
    return made;
  }

  /** The name, or `undefined` when this browser has not introduced itself yet. */
  name(): string | undefined {
    return personNameFrom(this.#read(nameEntry) ?? "");
  }

  rename(name: string): void {
    this.#write(nameEntry, name);
  }

  #read(entry: string): string | undefined {
    try {
      return localStorage.getItem(entry) ?? this.#fallback.get(entry);
    } catch {
      return this.#fallback.get(entry);
    }
  }

  #write(entry: string, value: string): void {
    this.#fallback.set(entry, value);
    try {
      localStorage.setItem(entry, value);
    } catch {
      // Storage is full or forbidden: the fallback serves this tab.
    }
  }
}

/**
 * A new random id of 32 hexadecimal digits.
 * `crypto.randomUUID` would not do: it is missing on pages served over plain HTTP in a local network.
 */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
