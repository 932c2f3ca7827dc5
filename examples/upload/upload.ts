// One upload: sends pieces, each when the one before is acknowledged, and goes on after a lost connection.

import type { Socket } from "@sockeye/client";
import {
  type ClientToServer,
  type FileHead,
  PIECE_BYTES,
  type Position,
  type ServerToClient,
} from "./events.ts";

type UploadSocket = Socket<ServerToClient, ClientToServer>;

/** How an upload is. */
export type Progress =
  | { readonly state: "sending" | "paused" | "waiting"; readonly sent: number }
  | { readonly state: "done"; readonly sha256: string }
  | { readonly state: "failed"; readonly problem: string };

export class Upload {
  readonly #socket: UploadSocket;
  readonly #file: File;
  readonly #head: FileHead;
  readonly #onProgress: (progress: Progress) => void;
  #sent = 0;
  #isPaused = false;
  #isRunning = false;

  constructor(socket: UploadSocket, file: File, onProgress: (progress: Progress) => void) {
    const { name, size, lastModified } = file;
    this.#socket = socket;
    this.#file = file;
    // The same file, chosen again after a reload, has the same id.
    this.#head = { id: `${idOf(name)}-${size}-${lastModified}`, name, size };
    this.#onProgress = onProgress;
    socket.on("connect", () => void this.run());
    void this.run();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#onProgress({ state: "paused", sent: this.#sent });
    else void this.run();
  }

  /** Sends until the end, a pause or a lost connection. */
  async run(): Promise<void> {
    if (this.#isRunning || this.#isPaused) return;
    this.#isRunning = true;
    try {
      await this.#send();
    } catch {
      // No acknowledgement: the next connection asks where to go on.
      this.#onProgress({ state: "waiting", sent: this.#sent });
    }
    this.#isRunning = false;
  }

  async #send(): Promise<void> {
    if (!this.#socket.connected) throw new Error("no connection");
    const server = this.#socket.timeout(10_000);
    let position: Position = await server.emitWithAck("begin", this.#head);
    while ("next" in position && position.next < this.#file.size) {
      this.#sent = position.next;
      if (this.#isPaused) return;
      this.#onProgress({ state: "sending", sent: this.#sent });
      const at = position.next;
      const bytes = await this.#file.slice(at, at + PIECE_BYTES).arrayBuffer();
      position = await server.emitWithAck("piece", { id: this.#head.id, at, bytes });
    }
    if ("problem" in position) return this.#onProgress({ state: "failed", ...position });
    const stored = await server.emitWithAck("end", this.#head.id);
    this.#onProgress(
      "problem" in stored ? { state: "failed", ...stored } : { state: "done", ...stored },
    );
  }
}

/** A name as letters and digits: its hash. */
function idOf(name: string): string {
  let hash = 0;
  for (const character of name) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return (hash >>> 0).toString(36);
}
