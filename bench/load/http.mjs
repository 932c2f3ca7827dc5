// An HTTP/1.1 client on one kept-alive connection, one request at a time, made of prepared bytes.

import { openSocket } from "./web-socket.mjs";

const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} body latin1
 */

/** A connection for requests. */
export class HttpPeer {
  #buffer;
  #socket;
  #port;
  #received = Buffer.alloc(0);
  /** @type {{ resolve: (answer: Answer) => void, reject: (error: Error) => void } | null} */
  #asked = null;
  #isClosing = false;

  /** @param {import("./web-socket.mjs").Place} place */
  constructor(place) {
    this.#buffer = place.buffer;
    this.#port = place.port;
    this.#socket = openSocket(place, (count) => this.#onBytes(count));
    this.#socket.once("error", (error) => this.#fail(error.message));
    this.#socket.once("close", () => this.#fail("the server closed a kept-alive connection"));
  }

  /**
   * The bytes of a GET.
   * @param {string} path
   */
  get(path) {
    return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n`;
  }

  /**
   * The bytes of a POST.
   * @param {string} path
   * @param {string} body ASCII
   */
  post(path, body) {
    return (
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nConnection: keep-alive\r\n` +
      "Accept: */*\r\nContent-Type: text/plain;charset=UTF-8\r\n" +
      `Content-Length: ${body.length}\r\n\r\n${body}`
    );
  }

  /**
   * Sends a request and waits for the answer.
   * @param {string | Uint8Array} request
   * @returns {Promise<Answer>}
   */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  /** @param {string} why */
  #fail(why) {
    if (!this.#isClosing) this.#asked?.reject(new Error(why));
    this.#asked = null;
  }

  /** @param {number} count */
  #onBytes(count) {
    const read = this.#buffer.subarray(0, count);
    this.#received = Buffer.concat([this.#received, read]);
    const answer = this.#complete();
    if (answer === null) return;
    this.#received = Buffer.alloc(0);
    const asked = this.#asked;
    this.#asked = null;
    asked?.resolve(answer);
  }

  /** @returns {Answer | null} */
  #complete() {
    const data = this.#received;
    const headEnd = data.indexOf(HEAD_END);
    if (headEnd === -1) return null;
    const head = data.toString("latin1", 0, headEnd);
    const status = Number(head.slice(9, 12));
    const start = headEnd + HEAD_END.length;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length !== undefined) {
      const end = start + Number(length);
      return data.length < end ? null : { status, body: data.toString("latin1", start, end) };
    }
    if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, body: "" };
    const body = unchunked(data, start);
    return body === null ? null : { status, body };
  }
}

/**
 * The body out of chunks; null while some are missing.
 * @param {Buffer} data
 * @param {number} from
 */
function unchunked(data, from) {
  let body = "";
  let at = from;
  for (;;) {
    const line = data.indexOf(LINE_END, at);
    if (line === -1) return null;
    const size = Number.parseInt(data.toString("latin1", at, line), 16);
    const end = line + 2 + size;
    if (data.length < end + 2) return null;
    if (size === 0) return body;
    body += data.toString("latin1", line + 2, end);
    at = end + 2;
  }
}
