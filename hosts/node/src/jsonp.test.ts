// Polling with scripts, as browsers of earlier days do it: raw requests, compared with Socket.IO's answers.

import { createServer } from "node:http";
import { Server as TheirServer } from "socket.io";
import { expect, test } from "vitest";
import { listen, RunningServer } from "../test/running-server.ts";
import { type Answer, ask } from "../test/wire.ts";
import { Server as OurServer } from "./index.ts";

type ServerClass = new (http: unknown, options: object) => RunningServer["io"];

const ours = OurServer as unknown as ServerClass;
const theirs = TheirServer as unknown as ServerClass;

async function echoing(Class: ServerClass, options: object = {}): Promise<RunningServer> {
  const http = createServer();
  const io = new Class(http, { allowEIO3: true, ...options });
  io.on("connection", (socket) => {
    socket.on("echo", (...args: unknown[]) => socket.emit("echo", ...args));
  });
  await listen(http);
  return new RunningServer(io, http);
}

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** A browser that polls with scripts. */
class ScriptPeer {
  readonly #port: number;
  readonly #path: string;
  readonly #revision: 3 | 4;
  #sid = "";

  constructor(port: number, revision: 3 | 4, more = "&j=0") {
    this.#port = port;
    this.#revision = revision;
    this.#path = `/socket.io/?EIO=${revision}&transport=polling${more}`;
  }

  /** Joins the main namespace; returns the answer to the handshake. */
  async open(): Promise<Answer> {
    const opened = await this.poll();
    this.#sid = /\\"sid\\":\\"([^"\\]+)/.exec(opened.text)?.[1] ?? "";
    if (this.#revision === 4) await this.post("40");
    // Socket.IO answers the implicit CONNECT in the first body or in the second.
    if (!opened.text.includes("2:40")) await this.poll();
    return opened;
  }

  get sid(): string {
    return this.#sid;
  }

  poll(): Promise<Answer> {
    return ask(this.#port, this.#query());
  }

  /** Sends packets as the client does: what looks like a line break gets another backslash, breaks become letters. */
  post(...packets: string[]): Promise<Answer> {
    const payload =
      this.#revision === 4
        ? packets.join("\u001e")
        : packets.map((packet) => `${packet.length}:${packet}`).join("");
    const value = payload.replaceAll("\\n", "\\\\n").replaceAll("\n", "\\n");
    return this.form(`d=${encodeURIComponent(value)}`);
  }

  form(body: string): Promise<Answer> {
    return ask(this.#port, this.#query(), { method: "POST", headers: FORM, body });
  }

  #query(): string {
    return this.#sid === "" ? this.#path : `${this.#path}&sid=${this.#sid}`;
  }
}

/** What the script gives to the callback with that number. */
function given(script: string, index = 0): string {
  const received: string[] = [];
  const callbacks = { [index]: (text: string) => void received.push(text) };
  (new Function("___eio", script) as (callbacks: unknown) => void)(callbacks);
  expect(received).toHaveLength(1);
  return received[0] as string;
}

/** An answer without what differs from one request to the next. */
function comparable({ headers, status, text }: Answer, sid: string): unknown {
  const { "content-length": _length, date: _date, ...rest } = headers;
  return JSON.parse(
    JSON.stringify({ headers: rest, status, text: text.replace("2:40", "") }).replaceAll(
      sid,
      "SID",
    ),
  ) as unknown;
}

const TEXTS = [
  "plain",
  "a line\nbreak",
  "an escaped \\n break",
  "\\\n\\\\n",
  "a&b=c+d%20;",
  "h\u00e9 \u20ac \u{1f600} \u2028\u2029",
  "</script><!--",
  "\\",
  '"quoted"',
];

test.each([3, 4] as const)(
  "LE10 revision %s: every answer is that of Socket.IO, headers too",
  async (revision) => {
    const options = { cors: { origin: "*" }, cookie: true };
    await using their = await echoing(theirs, options);
    await using our = await echoing(ours, options);
    for (const more of ["&j=0", "&j=12x3", "&j=", "&j=abc", "&j=1&b64=1"]) {
      const answers: unknown[][] = [];
      for (const { port } of [their, our]) {
        const peer = new ScriptPeer(port, revision, more);
        const all = [await peer.open()];
        for (const text of TEXTS) {
          all.push(await peer.post(`42${JSON.stringify(["echo", text])}`));
          all.push(await peer.poll());
        }
        all.push(await peer.form("x=1"));
        answers.push(all.map((answer) => comparable(answer, peer.sid)));
      }
      expect(answers[1], more).toEqual(answers[0]);
    }
  },
);

test.each([3, 4] as const)(
  "LE11 revision %s: any text arrives and comes back",
  async (revision) => {
    await using server = await echoing(ours);
    const peer = new ScriptPeer(server.port, revision);
    const opened = await peer.open();
    expect(opened.text).toMatch(/^___eio\[0\]\(".*"\);$/);
    for (const text of TEXTS) {
      const packet = `42${JSON.stringify(["echo", text])}`;
      const answer = await peer.post(packet);
      expect([answer.status, answer.text]).toEqual([200, "ok"]);
      const script = (await peer.poll()).text;
      expect(script).not.toMatch(/[\u2028\u2029]/);
      expect(given(script)).toBe(revision === 4 ? packet : `${packet.length}:${packet}`);
    }
    await peer.post('42["echo",1]', '42["echo",2]');
    const both = given((await peer.poll()).text);
    expect(both).toBe(
      revision === 4 ? '42["echo",1]\u001e42["echo",2]' : '12:42["echo",1]12:42["echo",2]',
    );
  },
);

test("LE12 bytes are base64 both ways, whatever the peer says that it can take", async () => {
  await using server = await echoing(ours);
  for (const [revision, more, prefix] of [
    [3, "&j=0", "b4"],
    [3, "&j=0&b64=1", "b4"],
    [4, "&j=0", "b"],
    [4, "&j=0&b64=1", "b"],
  ] as const) {
    const peer = new ScriptPeer(server.port, revision, more);
    await peer.open();
    const head = '451-["echo",{"_placeholder":true,"num":0}]';
    await peer.post(head, `${prefix}+/8=`);
    const script = given((await peer.poll()).text);
    expect(script).toContain(head);
    expect(script.endsWith(`${prefix}+/8=`), script).toBe(true);
  }
});

test("LE13 a form without data is answered, and the session goes on", async () => {
  await using server = await echoing(ours);
  for (const revision of [3, 4] as const) {
    const peer = new ScriptPeer(server.port, revision);
    await peer.open();
    for (const form of ["", "x=1", "D=1", "&&&", "%"]) {
      const answer = await peer.form(form);
      expect([answer.status, answer.text], form).toEqual([200, "ok"]);
    }
    await peer.post('42["echo",1]');
    expect(given((await peer.poll()).text)).toContain('42["echo",1]');
  }
});

test("LE13 a form with broken data ends the session", async () => {
  await using server = await echoing(ours);
  for (const [revision, form] of [
    [4, "d=x"],
    [4, "d="],
    [3, "d="],
    [3, "d=4hello"],
    [3, "d=9:4a"],
  ] as const) {
    const peer = new ScriptPeer(server.port, revision);
    const joined = server.joined();
    await peer.open();
    const left = new Promise(
      (resolve) => void joined.then((each) => each.on("disconnect", resolve)),
    );
    await joined;
    await peer.form(form);
    expect(await left, form).toBe("parse error");
  }
});
