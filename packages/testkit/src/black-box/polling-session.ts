// One session over polling, driven request by request.

import type { PendingRequest, RequestPlan, Response, WebSocketClient } from "./clients.ts";

/** The separator of packets in a body. */
export const RS = "\u001e";

/** What a session needs of the bench. */
export interface Requests {
  fetch(plan: RequestPlan): Promise<Response>;
  begin(plan: RequestPlan): PendingRequest;
  websocket(path: string): WebSocketClient;
  heardOf(owner: string, name: string): Promise<unknown>;
  reason(id: string): Promise<unknown>;
}

/** A session and its requests. */
export class PollingSession {
  readonly sid: string;
  /** Path and query of its requests. */
  readonly path: string;
  readonly #requests: Requests;
  #id: string | undefined;
  /** What came with the answer to CONNECT, for the next poll. */
  #unread: Response | undefined;

  constructor(requests: Requests, path: string, sid: string) {
    this.#requests = requests;
    this.sid = sid;
    this.path = `${path}&sid=${sid}`;
  }

  /** The id of its socket in `/`. */
  get id(): string {
    if (this.#id === undefined) throw new Error("the session has not joined");
    return this.#id;
  }

  /** Connects to `/`. */
  async join(connect = "40"): Promise<void> {
    await this.post(connect);
    const answer = await this.poll();
    const packets = answer.text.split(RS);
    const welcome = packets.find((packet) => packet.startsWith("40"));
    this.#id = /"sid":"([^"]+)"/.exec(welcome ?? "")?.[1];
    const others = packets.filter((packet) => packet !== welcome);
    if (others.length > 0) this.#unread = { ...answer, text: others.join(RS), body: NOTHING };
  }

  /** A GET, with its response. */
  async poll(headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const unread = this.#unread;
    this.#unread = undefined;
    return unread ?? (await this.#requests.fetch({ path: this.path, headers }));
  }

  /** A GET that may be held. */
  beginPoll(): PendingRequest {
    return this.#requests.begin({ path: this.path });
  }

  /** A GET that the server is known to hold: an event that was sent after it has arrived. */
  async heldPoll(): Promise<PendingRequest> {
    const poll = this.beginPoll();
    await this.post('42["the poll is here"]');
    await this.#requests.heardOf(this.id, "the poll is here");
    return poll;
  }

  /** A POST, with its response. */
  post(
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return this.#requests.fetch({
      method: "POST",
      path: this.path,
      body,
      headers: { "content-type": "text/plain;charset=UTF-8", ...headers },
    });
  }

  /** A WebSocket that offers itself to this session. */
  candidate(): WebSocketClient {
    return this.#requests.websocket(this.path.replace("polling", "websocket"));
  }

  /** Asks the server something over polling; "open" when it answers. */
  async proveOpen(): Promise<"open"> {
    await this.post('4299["ask","still there"]');
    let text = "";
    while (!text.includes('4399["still there"]')) {
      const response = await this.poll();
      if (response.status !== 200) throw new Error(`the session is over: ${response.text}`);
      text = response.text;
    }
    return "open";
  }

  /** The reason for which its socket was disconnected. */
  reason(): Promise<unknown> {
    return this.#requests.reason(this.id);
  }
}

const NOTHING = new Uint8Array();
