// A WebSocket that this server has accepted for a session of another one: its frames are passed on, both ways.

import type { RawSocket, RawSocketSink } from "@sockeye/engine";
import type { Frame, Tell, ToHolder } from "./link.ts";

/** The client's end of a session that another server holds. */
export class RelayedSocket implements RawSocketSink {
  readonly #id: number;
  readonly #raw: RawSocket;
  readonly #tell: Tell<ToHolder>;
  readonly #onOver: () => void;
  #isOver = false;
  #sent = 0;
  #received = 0;
  #untold = 0;
  #awaitsDrain = false;

  constructor(
    id: number,
    { raw, tell }: { readonly raw: RawSocket; readonly tell: Tell<ToHolder> },
    onOver: () => void,
  ) {
    this.#id = id;
    this.#raw = raw;
    this.#tell = tell;
    this.#onOver = onOver;
  }

  onFrame(frame: Frame): void {
    if (this.#isOver) return;
    const seq = this.#sent++;
    this.#tell({ op: "up", id: this.#id, seq }, frame, () => this.cut());
  }

  onDrain(): void {
    this.#awaitsDrain = false;
    if (this.#isOver || this.#untold === 0) return;
    const bytes = this.#untold;
    this.#untold = 0;
    this.#tell({ op: "taken", id: this.#id, bytes }, null, () => this.cut());
  }

  onClose(): void {
    if (this.#end()) this.#tell({ op: "gone", id: this.#id }, null, () => {});
  }

  onError({ message }: Error): void {
    if (this.#end()) this.#tell({ op: "gone", id: this.#id, error: message }, null, () => {});
  }

  /** A frame of the holder. */
  send(
    frame: Frame,
    { compress, seq }: { readonly compress: boolean; readonly seq: number },
  ): void {
    if (this.#isOver) return;
    if (seq !== this.#received) {
      this.cut();
      return;
    }
    this.#received += 1;
    this.#raw.send(frame, compress);
    this.#untold += frame.length;
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#raw.requestDrain();
  }

  /** The holder ends it. */
  end(how: "close" | "terminate"): void {
    if (how === "close") this.#raw.close();
    else if (this.#end()) this.#raw.terminate();
  }

  /** The holder has ended, or messages are lost: the client reconnects. */
  cut(): void {
    if (!this.#end()) return;
    this.#tell(
      { op: "gone", id: this.#id, error: "a message between servers was lost" },
      null,
      () => {},
    );
    this.#raw.terminate();
  }

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#onOver();
    return true;
  }
}
