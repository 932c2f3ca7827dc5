// Accounts over HTTP: a password makes a session, which is a cookie that scripts cannot read; a session makes a token of some
// minutes for the socket.

import { createHash, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { SignJWT } from "jose";
import type { Database } from "./database.ts";
import { LONGEST_NAME, type Pass } from "./events.ts";

const SESSION_MS = 7 * 24 * 60 * 60 * 1000;
const SHORTEST_PASSWORD = 8;
const LARGEST_BODY = 4096;
const derive = promisify(scrypt) as (
  password: string,
  salt: Uint8Array,
  length: number,
) => Promise<Buffer>;

/** How tokens are signed, and for how long they hold. */
export interface Tokens {
  readonly secret: Uint8Array;
  readonly seconds: number;
}

type Answer = {
  readonly status: number;
  readonly body: Pass | { problem: string };
  readonly cookie?: string;
};

const refused = (status: number, problem: string): Answer => ({ status, body: { problem } });
const digest = (session: string): string => createHash("sha256").update(session).digest("hex");

/** The session in the request's cookies. */
function sessionOf(request: IncomingMessage): string {
  return /(?:^|; )session=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
}

async function credentialsOf(
  request: IncomingMessage,
): Promise<{ name: string; password: string }> {
  let text = "";
  for await (const piece of request.setEncoding("utf8")) {
    text += piece;
    if (text.length > LARGEST_BODY) throw new RangeError("too long");
  }
  const { name, password } = JSON.parse(text) as Record<string, unknown>;
  return { name: String(name).trim(), password: String(password) };
}

export class Accounts {
  readonly #database: Database;
  readonly #tokens: Tokens;

  constructor(database: Database, tokens: Tokens) {
    this.#database = database;
    this.#tokens = tokens;
  }

  /** Answers the requests that are its own; says whether this is one. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const routes: Record<string, () => Promise<Answer>> = {
      "POST /account": () => this.#register(request),
      "POST /session": () => this.#logIn(request),
      "POST /logout": () => this.#logOut(request),
      "GET /token": () => this.#renew(request),
    };
    const answer = routes[`${request.method} ${request.url}`];
    if (answer === undefined) return false;
    // A form of another page cannot send JSON, and its scripts are not asked: nothing happens in one's name.
    const isJson =
      request.method === "GET" || request.headers["content-type"] === "application/json";
    const made = isJson ? answer() : Promise.resolve(refused(415, "JSON is wanted."));
    void made
      .catch(() => refused(400, "The request cannot be read."))
      .then(({ status, body, cookie }) => {
        if (cookie !== undefined) response.setHeader("set-cookie", cookie);
        response.writeHead(status, {
          "content-type": "application/json",
          "cache-control": "no-store",
        });
        response.end(JSON.stringify(body));
      });
    return true;
  }

  async #register(request: IncomingMessage): Promise<Answer> {
    const { name, password } = await credentialsOf(request);
    if (!/^[\p{L}\p{N} ._-]+$/u.test(name) || name.length > LONGEST_NAME) {
      return refused(400, `A name has 1 to ${LONGEST_NAME} letters.`);
    }
    if (password.length < SHORTEST_PASSWORD) {
      return refused(400, `A password has at least ${SHORTEST_PASSWORD} characters.`);
    }
    const salt = randomBytes(16);
    const hash = await derive(password, salt, 32);
    if (!this.#database.addAccount(name, { salt, hash })) return refused(409, "The name is taken.");
    return await this.#open(name);
  }

  async #logIn(request: IncomingMessage): Promise<Answer> {
    const { name, password } = await credentialsOf(request);
    const account = this.#database.account(name);
    // Takes as long for a name that there is not.
    const hash = await derive(password, account?.salt ?? randomBytes(16), 32);
    if (account === undefined || !timingSafeEqual(hash, account.hash)) {
      return refused(401, "Name or password is wrong.");
    }
    return await this.#open(account.name);
  }

  async #logOut(request: IncomingMessage): Promise<Answer> {
    this.#database.removeSession(digest(sessionOf(request)));
    return { ...refused(200, ""), cookie: "session=; Path=/; Max-Age=0" };
  }

  async #renew(request: IncomingMessage): Promise<Answer> {
    const name = this.#database.sessionOwner(digest(sessionOf(request)));
    return name === undefined ? refused(401, "") : { status: 200, body: await this.#passFor(name) };
  }

  async #open(name: string): Promise<Answer> {
    const session = randomBytes(32).toString("base64url");
    this.#database.addSession(digest(session), name, Date.now() + SESSION_MS);
    // Beyond an example: `Secure`, as the page is served over TLS.
    const cookie = `session=${session}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_MS / 1000}`;
    return { status: 200, body: await this.#passFor(name), cookie };
  }

  async #passFor(name: string): Promise<Pass> {
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(name)
      .setExpirationTime(`${this.#tokens.seconds} s`)
      .sign(this.#tokens.secret);
    return { name, token };
  }
}
