// Tells the room that this person is writing: at once, again now and then while it goes on, and
// when it is over. Volatile, because a notice that comes late is wrong.

import type { ChatSocket } from "./chat-socket.ts";

const repeatMs = 2000;

/** Notices going out. */
export class TypingNotice {
  readonly #socket: ChatSocket;
  /** When the last "is writing" was sent; `undefined` while the person is not writing. */
  #sentAt: number | undefined;

  constructor(socket: ChatSocket) {
    this.#socket = socket;
  }

  /** The message box changed. */
  changed(text: string): void {
    if (text.trim() === "") {
      this.stop();
      return;
    }
    const now = performance.now();
    if (this.#sentAt !== undefined && now - this.#sentAt < repeatMs) return;
    this.#sentAt = now;
    if (this.#socket.connected) this.#socket.volatile.emit("typing", true);
  }

  /** The person sent the message, deleted it, or went elsewhere. */
  stop(): void {
    if (this.#sentAt === undefined) return;
    this.#sentAt = undefined;
    if (this.#socket.connected) this.#socket.volatile.emit("typing", false);
  }
}
