// A WebSocket without a network, and a page whose events the test raises, for tests of the smallest client: the test
// plays the server.

import { vi } from "vitest";
import type { PageEvent } from "../src/page-event.ts";

/** A WebSocket whose other end is the test. */
export class FakeWebSocket {
  static made: FakeWebSocket[] = [];
  readonly url: string;
  readonly protocols: unknown;
  binaryType = "blob";
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onclose: ((event: object) => void) | undefined;
  onerror: ((event: object) => void) | undefined;
  /** Everything that was sent. */
  readonly sent: unknown[] = [];
  isClosed = false;

  constructor(url: string, protocols: unknown) {
    this.url = url;
    this.protocols = protocols;
    FakeWebSocket.made.push(this);
  }

  send(frame: unknown): void {
    if (!this.isClosed) this.sent.push(frame);
  }

  close(): void {
    this.isClosed = true;
  }

  /** Frames of the server arrive. */
  receive(...frames: unknown[]): void {
    for (const data of frames) this.onmessage?.({ data });
  }

  /** The handshake, and the answer to CONNECT. */
  welcome(body: object = { sid: "S" }): void {
    this.receive(HANDSHAKE, `40${JSON.stringify(body)}`);
  }
}

/** The engine's handshake: a ping each second, half a second for it to arrive. */
export const HANDSHAKE = `0${JSON.stringify({ sid: "E", upgrades: [], pingInterval: 1000, pingTimeout: 500, maxPayload: 100 })}`;

/** The newest WebSocket. */
export function latest(): FakeWebSocket {
  return FakeWebSocket.made.at(-1) as FakeWebSocket;
}

/** A page as far as clients look at it. */
export interface FakePage {
  readonly document: { hidden: boolean };
  /** How many listeners there are. */
  readonly listenerCount: number;
  fire(type: string, more?: Partial<PageEvent>): void;
}

/** Puts the fakes in the place of the platform, until `vi.unstubAllGlobals()`. */
export function stubPage(href = "https://page.example/index.html"): FakePage {
  const listeners: [string, (event: PageEvent) => void][] = [];
  FakeWebSocket.made = [];
  const document = { hidden: false };
  vi.stubGlobal("WebSocket", FakeWebSocket);
  vi.stubGlobal("document", document);
  vi.stubGlobal("location", new URL(href));
  vi.stubGlobal("addEventListener", (type: string, listener: (event: PageEvent) => void) => {
    listeners.push([type, listener]);
  });
  vi.stubGlobal("removeEventListener", (type: string, listener: unknown) => {
    const at = listeners.findIndex((each) => each[0] === type && each[1] === listener);
    if (at >= 0) listeners.splice(at, 1);
  });
  return {
    document,
    get listenerCount() {
      return listeners.length;
    },
    fire(type, more) {
      for (const [heard, listener] of [...listeners]) {
        if (heard === type) listener({ type, ...more });
      }
    },
  };
}
