// Clients on HTTP long-polling: a kept-alive connection for GET and one for POST each; a message is one POST,
// its echo comes with the GET that waits meanwhile.

import { HttpPeer } from "./http.mjs";
import { DIGITS, exchangeOf, stamp } from "./messages.mjs";
import { measureTraffic } from "./phases.mjs";

const PATH = "/socket.io/?EIO=4&transport=polling";
const SEPARATOR = "\x1e";
const NO_MASK = new Uint8Array(4);

/**
 * @typedef {object} PollingPlan
 * @property {number} port
 * @property {Buffer} buffer
 * @property {number} size
 * @property {number} connections
 * @property {number} warmMs
 * @property {number} measureMs
 */

/** @param {import("./http.mjs").Answer} answer */
function successful({ status, body }) {
  if (status !== 200) throw new Error(`status ${status}: ${body.slice(0, 80)}`);
  return body;
}

/**
 * The handshake and the namespace over polling.
 * @param {HttpPeer} get
 * @param {HttpPeer} post may be the same
 * @returns {Promise<string>} the path of the session
 */
export async function openPollingSession(get, post) {
  const open = successful(await get.ask(get.get(PATH)));
  const sid = /"sid":"([^"]+)"/.exec(open)?.[1];
  if (!open.startsWith("0") || sid === undefined) throw new Error(`no handshake: ${open}`);
  const path = `${PATH}&sid=${sid}`;
  successful(await post.ask(post.post(path, "40")));
  const connected = successful(await get.ask(get.get(path)));
  if (!connected.startsWith("40")) throw new Error(`not connected: ${connected}`);
  return path;
}

/** One client. */
class PollingClient {
  isSending = false;
  #get;
  #post;
  #tally;
  #message;
  #poll = "";
  #request = Buffer.alloc(0);
  #received = 0;
  #isDone = false;
  /** A POST may be answered after the poll that it caused. */
  #posting = Promise.resolve();

  /**
   * @param {{ port: number, buffer: Buffer, index: number }} place
   * @param {import("./tally.mjs").Tally} tally
   * @param {string} message with zeros for digits
   */
  constructor(place, tally, message) {
    this.#get = new HttpPeer(place);
    this.#post = new HttpPeer(place);
    this.#tally = tally;
    this.#message = message;
  }

  async open() {
    const path = await openPollingSession(this.#get, this.#post);
    this.#poll = this.#get.get(path);
    this.#request = Buffer.from(this.#post.post(path, this.#message));
    void this.#keepPolling();
  }

  /** Sends the next message as soon as the POST before it has been answered. */
  send() {
    this.#posting = this.#posting.then(() => this.#postNext());
  }

  async #postNext() {
    const at =
      this.#request.length - this.#message.length + this.#message.indexOf("0".repeat(DIGITS));
    stamp(this.#request, { at, number: this.#received, mask: NO_MASK, phase: 0 });
    this.#tally.sent++;
    try {
      successful(await this.#post.ask(this.#request));
    } catch (error) {
      this.#tally.wrong(String(error));
    }
  }

  close() {
    this.#isDone = true;
    this.#get.close();
    this.#post.close();
  }

  async #keepPolling() {
    while (!this.#isDone) {
      try {
        const body = successful(await this.#get.ask(this.#poll));
        for (const packet of body.split(SEPARATOR)) this.#onPacket(packet);
      } catch (error) {
        this.#tally.wrong(String(error));
        return;
      }
      if (this.isSending) this.send();
    }
  }

  /** @param {string} packet */
  #onPacket(packet) {
    const due = this.#message.replace(
      "0".repeat(DIGITS),
      String(this.#received).padStart(DIGITS, "0"),
    );
    if (packet !== due) this.#tally.wrong(`poll ${this.#received} brought ${packet.slice(0, 60)}`);
    this.#received++;
    this.#tally.received++;
  }
}

/**
 * Opens the clients and measures.
 * @param {PollingPlan} plan
 * @param {import("./tally.mjs").Tally} tally
 */
export async function runPolling(plan, tally) {
  const { request } = exchangeOf("text", { size: plan.size, isRaw: false });
  const message = request[0]?.payload.toString("latin1") ?? "";
  const clients = Array.from({ length: plan.connections }, (_, index) => {
    return new PollingClient({ port: plan.port, buffer: plan.buffer, index }, tally, message);
  });
  await Promise.all(clients.map((client) => client.open()));
  const traffic = {
    tally,
    start() {
      for (const client of clients) {
        client.isSending = true;
        client.send();
      }
    },
    stop() {
      for (const client of clients) client.isSending = false;
    },
  };
  const measured = await measureTraffic(traffic, plan);
  for (const client of clients) client.close();
  return measured;
}
