// One Engine.IO session by long-polling, driven request by request.
import type { Exchange, RawResponse } from "../kit/raw-http.ts";
import type { RawWebSocket } from "../kit/raw-websocket.ts";
import type { Peer } from "../kit/running-server.ts";
import { BASE, type Wire } from "./wire.ts";

/** The separator of packets in a polling body. */
export const RS = "\u001e";

/** A session and the requests that belong to it. */
export class PollingSession {
  readonly sid: string;
  readonly #wire: Wire;
  #peer: Peer | undefined;

  constructor(wire: Wire, sid: string) {
    this.#wire = wire;
    this.sid = sid;
  }

  /** The path of every request of this session. */
  get path(): string {
    return `${BASE}&transport=polling&sid=${this.sid}`;
  }

  /** Its socket on the server; there once it has joined. */
  get peer(): Peer {
    if (this.#peer === undefined) throw new Error("the session has not joined");
    return this.#peer;
  }

  /** Connects to the namespace `/`. */
  async join(): Promise<void> {
    await this.post("40");
    await this.poll();
    this.#peer = await this.#wire.server.nextPeer();
  }

  /** A GET, with its answer. */
  poll(headers: Record<string, string> = {}): Promise<RawResponse> {
    return this.#wire.fetch({ path: this.path, headers });
  }

  /** A GET that is left hanging. */
  beginPoll(headers: Record<string, string> = {}): Exchange {
    return this.#wire.begin({ path: this.path, headers });
  }

  /** A POST, with its answer. */
  post(body: string | Uint8Array, headers: Record<string, string> = {}): Promise<RawResponse> {
    return this.#wire.fetch({
      method: "POST",
      path: this.path,
      body,
      headers: { "content-type": "text/plain;charset=UTF-8", ...headers },
    });
  }

  /** A WebSocket that offers itself to this session. */
  candidate(): RawWebSocket {
    return this.#wire.websocket(`${BASE}&transport=websocket&sid=${this.sid}`);
  }

  /** Asks the server something over polling; "open" when it answers. */
  async proveOpen(): Promise<"open"> {
    await this.post('4299["ask","still there"]');
    let body = "";
    while (!body.includes('4399["still there"]')) {
      const response = await this.poll();
      if (response.status !== 200)
        throw new Error(`the session is not open: ${response.status} ${response.text}`);
      body = response.text;
    }
    return "open";
  }

  /** Waits until the server has given the session up; the reason its socket was told. */
  async closeReason(): Promise<unknown> {
    return (await this.peer.inbox.take("disconnect"))[0];
  }
}
