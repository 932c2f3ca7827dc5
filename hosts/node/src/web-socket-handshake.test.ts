// WebSocket handshakes, right and wrong: our answers are those of `ws`, byte for byte.

import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { acceptedEncoding } from "@sockeye/server";
import { answerHandshake, type HandshakeAnswer } from "@sockeye/websocket";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { Server } from "./index.ts";

const PATH = "/socket.io/?EIO=4&transport=websocket";

/** The lines of a sound request; a value of `null` leaves one out. */
type Headers = Readonly<Record<string, string | null>>;

const SOUND: Headers = {
  Host: "127.0.0.1",
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

class Hosted {
  readonly http: HttpServer = createServer();
  readonly io: Server;

  constructor(options: object) {
    this.io = new Server(this.http, options);
    this.io.engine?.on("headers", (headers: Record<string, string | string[]>) => {
      headers["x-one"] = "1";
      headers["x-two"] = ["2", "zwei"];
      headers["x-other"] = "größer";
    });
  }

  /** The bytes of the answer as text: the head of a 101, or all of a refusal. */
  async ask(method: string, changes: Headers, path = PATH): Promise<string> {
    const { port } = this.http.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    const lines = Object.entries({ ...SOUND, ...changes })
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
    let text = "";
    socket.setEncoding("latin1").on("data", (part: string) => {
      text += part;
    });
    const ended = once(socket, "close");
    while (!text.startsWith("HTTP/1.1 101") || !text.includes("\r\n\r\n")) {
      if ((await Promise.race([once(socket, "data"), ended.then(() => null)])) === null) break;
    }
    socket.destroy();
    return text.startsWith("HTTP/1.1 101") ? text.slice(0, text.indexOf("\r\n\r\n") + 4) : text;
  }
}

const ours = new Hosted({});
const theirs = new Hosted({ wsEngine: WebSocketServer });

beforeAll(async () => {
  for (const { http } of [ours, theirs]) {
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
  }
});

afterAll(async () => {
  await Promise.all([ours.io.close(), theirs.io.close()]);
});

const ACCEPT = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

type Row = readonly [
  title: string,
  changes: Headers,
  status: number,
  part: string,
  method?: string,
];

const accepted: readonly Row[] = [
  ["a sound one", {}, 101, `Upgrade: websocket\r\nConnection: Upgrade\r\n${ACCEPT}`],
  ["headers of the application", {}, 101, "x-one: 1\r\nx-two: 2\r\nx-two: zwei\r\nx-other: "],
  ["version 8", { "Sec-WebSocket-Version": "8" }, 101, ACCEPT],
  ["Upgrade in capitals", { Upgrade: "WebSocket" }, 101, ACCEPT],
  ["a sub-protocol", { "Sec-WebSocket-Protocol": "chat" }, 101, "Sec-WebSocket-Protocol: chat\r\n"],
  [
    "the first of several",
    { "Sec-WebSocket-Protocol": "a.b-c ,\t chat,x" },
    101,
    "Sec-WebSocket-Protocol: a.b-c\r\n",
  ],
  [
    "compression that nobody wants",
    { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" },
    101,
    ACCEPT,
  ],
  ["extensions nobody knows", { "Sec-WebSocket-Extensions": "x-unheard; of" }, 101, ACCEPT],
];

const refused: readonly Row[] = [
  ["another method, which is the engine's to refuse", {}, 400, "Bad handshake method", "PUT"],
  ["another upgrade", { Upgrade: "h2c" }, 400, "Invalid Upgrade header"],
  ["no key", { "Sec-WebSocket-Key": null }, 400, "Missing or invalid Sec-WebSocket-Key header"],
  ["a short key", { "Sec-WebSocket-Key": "short" }, 400, "Sec-WebSocket-Key"],
  ["a key of other characters", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZ-_==" }, 400, "Key"],
  ["a long key", { "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQA===" }, 400, "Key"],
  ["no version", { "Sec-WebSocket-Version": null }, 400, "Sec-WebSocket-Version: 13, 8\r\n"],
  ["version 12", { "Sec-WebSocket-Version": "12" }, 400, "Sec-WebSocket-Version: 13, 8\r\n"],
  ["two versions", { "Sec-WebSocket-Version": "13, 8" }, 400, "Version"],
  ...["", ",", "a,", "a,,b", "a b", "a,a", "(a)", "a;b", "a/b"].map(
    (offer): Row => [
      `sub-protocols ${JSON.stringify(offer)}`,
      { "Sec-WebSocket-Protocol": offer },
      400,
      "Invalid Sec-WebSocket-Protocol header",
    ],
  ),
];

describe.each([
  ["WS17 accepted", accepted],
  ["WS17 refused", refused],
] as const)("%s", (_title, rows) => {
  // Each row in an array of its own: rows differ in length.
  test.each(rows.map((row) => ({ row, title: row[0] })))("$title", async ({ row }) => {
    const [, changes, status, part, method = "GET"] = row;
    const answer = await ours.ask(method, changes);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain(part);
    expect(answer).toBe(await theirs.ask(method, changes));
  });
});

test("WS17 another method is refused when the engine has let it pass", async () => {
  const answers = [ours, theirs].map(async (hosted) => {
    const { port } = hosted.http.address() as AddressInfo;
    const opened = await fetch(`http://127.0.0.1:${port}/socket.io/?EIO=4&transport=polling`);
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
    return await hosted.ask("PUT", {}, `${PATH}&sid=${sid}`);
  });
  const [answer, expected] = await Promise.all(answers);
  expect(answer).toContain("HTTP/1.1 405 Method Not Allowed\r\n");
  expect(answer).toBe(expected);
});

test("WS17 a server that was closed refuses until it is opened again", async () => {
  const hosted = new Hosted({});
  hosted.http.listen(0, "127.0.0.1");
  await once(hosted.http, "listening");
  hosted.io.engine?.close();
  expect(await hosted.ask("GET", {})).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
  hosted.http.emit("listening");
  expect(await hosted.ask("GET", {})).toMatch(/^HTTP\/1\.1 101 /);
  await hosted.io.close();
});

test("WS17 a socket is taken once", async () => {
  const hosted = new Hosted({});
  hosted.http.listen(0, "127.0.0.1");
  await once(hosted.http, "listening");
  const problems: unknown[] = [];
  hosted.http.on("upgrade", (request, socket, head) => {
    try {
      hosted.io.engine?.handleUpgrade(request, socket, head);
    } catch (error) {
      problems.push(error);
    }
  });
  expect(await hosted.ask("GET", {})).toMatch(/^HTTP\/1\.1 101 /);
  expect(problems).toEqual([new Error("the handshake of this socket was completed before")]);
  await hosted.io.close();
});

describe("WS20 a header's cost is in proportion to its length", () => {
  // With work for each pair of blanks, a million of them would take minutes.
  const blanks = " \t".repeat(500_000);
  const answer = (offer: string): HandshakeAnswer => {
    const headers = Object.entries({ ...SOUND, "Sec-WebSocket-Protocol": offer });
    const lower = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
    const header = (name: string): string | undefined => lower.get(name) ?? undefined;
    return answerHandshake({ method: "GET", header }, () => "");
  };

  test("blanks within a sub-protocol are refused", () => {
    expect(answer(`a${blanks}b`)).toMatchObject({
      kind: "refused",
      message: "Invalid Sec-WebSocket-Protocol header",
    });
  });

  test("blanks around sub-protocols are passed over", () => {
    expect(answer(`${blanks}a${blanks},${blanks}b${blanks}`)).toMatchObject({
      kind: "accepted",
      protocol: "a",
    });
  });

  test("so are accept-encoding's", () => {
    const header = `${blanks}gzip${blanks};${blanks}q=0.5${blanks},${blanks}br${blanks}`;
    expect(acceptedEncoding(header, ["gzip", "br"])).toBe("br");
    expect(acceptedEncoding(`gz${blanks}ip`, ["gzip", "br"])).toBeNull();
  });
});
