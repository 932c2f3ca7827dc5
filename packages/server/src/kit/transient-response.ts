// A response of a runtime that may not be touched once it has ended or its client has gone, and whose output is corked while
// one of its callbacks runs.

import type { HttpReply } from "@sockeye/engine";

/** What every such response has. */
export interface TransientResponse {
  /** Ends the network connection. Calls what `onAborted` was given. */
  close(): unknown;
  /** Runs a callback that writes, outside of the response's own callbacks. */
  cork(callback: () => void): unknown;
  /** Called when the client has gone before the end. Must have been called when the handler returns without an answer. */
  onAborted(callback: () => void): unknown;
  /** The bytes of a chunk are valid during the call. Must have been called when the handler returns. */
  onData(callback: (chunk: ArrayBuffer, isLast: boolean) => void): unknown;
}

/** How a response is written. */
export interface Manner {
  /** The method of the request: a response to HEAD has no body. */
  readonly method: string;
  /** Whether the client is still sending: then it is the client that closes, because it would not read the response. */
  readonly isReading: boolean;
}

/** Writes a complete response. */
export type WriteReply<Response> = (
  response: Response,
  reply: Omit<HttpReply, "compress">,
  manner: Manner,
) => void;

/** The one answer to a request: written at once while its handler runs, corked afterwards, and not after it was aborted. */
export class AnswerSlot<Response extends TransientResponse> {
  #response: Response | null;
  #isCorked = true;

  /** Created in the handler. */
  constructor(response: Response) {
    this.#response = response;
  }

  /** The response, as long as it was neither answered nor aborted. */
  get response(): Response | null {
    return this.#response;
  }

  /** Writes the answer; nothing happens when there was one, or when the client has gone. */
  write(callback: (response: Response) => void): void {
    const response = this.#response;
    if (response === null) return;
    this.#response = null;
    if (this.#isCorked) callback(response);
    else response.cork(() => callback(response));
  }

  /** Runs a callback of the runtime for this response, whose output is corked. */
  corked(callback: () => void): void {
    this.#isCorked = true;
    try {
      callback();
    } finally {
      this.#isCorked = false;
    }
  }

  /** The handler returns. `onAborted`: the client has gone before the answer. */
  release(onAborted: () => void): void {
    this.#isCorked = false;
    this.#response?.onAborted(() => {
      const wasOpen = this.#response !== null;
      this.#response = null;
      if (wasOpen) onAborted();
    });
  }
}
