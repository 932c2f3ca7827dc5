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
  /** What came along with the reply to CONNECT, for the next poll. */
  #unread: RawResponse | null = null;

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
    const answer = await this.poll();
    // On a busy machine a ping may have been due by now: whoever waits for it must still get it.
    const others = answer.text.split(RS).filter((packet) => !packet.startsWith("40"));
    if (others.length > 0) this.#unread = withBody(answer, others.join(RS));
    this.#peer = await this.#wire.server.nextPeer();
  }

  /** A GET, with its answer. */
  async poll(headers: Record<string, string> = {}): Promise<RawResponse> {
    const unread = this.#unread;
    this.#unread = null;
    return unread ?? (await this.#wire.fetch({ path: this.path, headers }));
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

function withBody(answer: RawResponse, text: string): RawResponse {
  const body = Buffer.from(text);
  const headers = { ...answer.headers, "content-length": String(body.byteLength) };
  return { ...answer, headers, body, text };
}
