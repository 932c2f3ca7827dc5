// Packets, frames and bytes that are wrong: each ends the connection it came over, and no other.

import { handshakeHead } from "../answers.ts";
import { BASE, type Bench, POLLING, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter, Need } from "../case.ts";
import { type FramePlan, frame } from "../web-socket-frame.ts";

type Frames = readonly (string | Uint8Array)[];

const BYTES = Uint8Array.of(1, 2, 3, 4);
const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** Does something beside a session that must go on. */
async function beside(bench: Bench, act: () => Promise<unknown>): Promise<unknown> {
  const bystander = await bench.joined();
  const seen = await act();
  bystander.ws.send('421["ask","still there"]');
  const answer = await bystander.ws.text();
  return answer === '431["still there"]' ? seen : `a bystander was sent ${answer}`;
}

/** Sends frames to a joined socket; resolves to the reason for its end, and the close code. */
function ended(bench: Bench, frames: Frames): Promise<unknown> {
  return beside(bench, async () => {
    const { ws, id } = await bench.joined();
    ws.send(...frames);
    return [await bench.reason(id), await ws.closeCode()];
  });
}

const RESERVED = [
  ...["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"],
];

const refusedPackets: readonly BlackBoxCase[] = (
  [
    ["type", "an unknown type", ["49[]"]],
    ["no-type", "no type", ["4"]],
    ["json", "JSON that is broken", ['42["x"']],
    ["object", "JSON that is no array", ['42{"x":1}']],
    ["empty", "an empty array", ["42[]"]],
    ["object-name", "a name that is an object", ['42[{"toString":"foo"}]']],
    ["null-name", "a name that is null", ["42[null]"]],
    ...RESERVED.map(
      (name) => [`reserved-${name}`, `the reserved name ${name}`, [`42["${name}"]`]] as const,
    ),
    ["answer", "an acknowledgement that is no array", ['431{"x":1}']],
    ["disconnect", "a DISCONNECT with a payload", ['41{"x":1}']],
    ["connect-text", "a CONNECT whose payload is no object", ['40"token"']],
    ["connect-array", "a CONNECT whose payload is an array", ["40[1]"]],
    ["connect-twice", "a CONNECT for the namespace it is in", ["40"]],
    ["connect-error", "a CONNECT_ERROR of the client", ['44{"message":"x"}']],
    ["elsewhere", "an event for a namespace not joined", ['42/elsewhere,["x"]']],
    [
      "unfinished",
      "an unfinished binary event followed by text",
      [`451-["x",${PLACEHOLDER}]`, '42["y"]'],
    ],
    ["unannounced", "bytes nobody announced", [BYTES]],
    ["attachments", "too many attachments", [`4510001-["x",${PLACEHOLDER}]`]],
    ["billion", "a billion attachments", [`451000000000-["x",${PLACEHOLDER}]`]],
    ["no-attachments", "no attachments", ['450-["x"]']],
    ["no-dash", "attachments without a dash", ['451["x"]']],
    ["no-number", "attachments that are no number", ['45x-["x"]']],
    ["negative", "negative attachments", ['45-1-["x"]']],
    [
      "placeholder-high",
      "a placeholder out of range",
      ['451-["x",{"_placeholder":true,"num":1}]', BYTES],
    ],
    [
      "placeholder-low",
      "a placeholder below zero",
      ['451-["x",{"_placeholder":true,"num":-1}]', BYTES],
    ],
    [
      "placeholder-method",
      "a placeholder that names a method",
      ['451-["x",{"_placeholder":true,"num":"splice"}]', BYTES],
    ],
  ] as const
).map(([id, title, frames]) => ({
  id: `packet-${id}`,
  title: `ends the connection: ${title}`,
  rules: ["SO50", "SO51", "SO53"],
  run: (bench) => ended(bench, frames),
  expected: ["forced close", 1005],
}));

const otherPackets: readonly BlackBoxCase[] = [
  {
    id: "packet-placeholder-fraction",
    title: "ends the connection: a placeholder between two numbers",
    rules: ["PR29"],
    async run(bench) {
      const { ws } = await bench.joined();
      ws.send('451-["x",{"_placeholder":true,"num":0.5}]', BYTES, '421["ask"]');
      return await Promise.race([ws.closeCode(), ws.text()]);
    },
    expected: 1005,
    control: { expected: "431[]", reason: "it takes it, and hands out undefined" },
  },
  ...(
    [
      ["engine-unknown", "an unknown engine packet", "9"],
      ["engine-empty", "an empty frame", ""],
    ] as const
  ).map(
    ([id, title, text]): BlackBoxCase => ({
      id,
      title: `ends the connection: ${title}`,
      rules: ["EN75"],
      run: (bench) => ended(bench, [text]),
      expected: ["parse error", 1005],
    }),
  ),
  {
    id: "error-event",
    title: "a packet that cannot be decoded raises error on the socket",
    rules: ["SO51"],
    async run(bench) {
      const { ws, id } = await bench.joined();
      ws.send('42["x"');
      await bench.heardOf(id, "error");
      return await bench.reason(id);
    },
    expected: "forced close",
  },
];

/** Writes frames as bytes behind a handshake; resolves to the close code that comes back, or how it ended. */
function wireCode(bench: Bench, plans: readonly FramePlan[]): Promise<unknown> {
  return beside(bench, async () => {
    using tcp = await bench.clients.openTcp(bench.port);
    tcp.write(handshakeHead(WEBSOCKET));
    await tcp.head();
    for (const plan of plans) tcp.write(frame(plan));
    const received = await tcp.ended();
    const [, tail = ""] = received.split("\r\n\r\n");
    const close = tail.lastIndexOf("\u0088");
    if (close < 0) return 1006;
    const code = (tail.charCodeAt(close + 2) << 8) + tail.charCodeAt(close + 3);
    return Number.isNaN(code) ? 1005 : code;
  });
}

const frames: readonly BlackBoxCase[] = (
  [
    ["utf8", "text that is no UTF-8", ["WS4"], 1007, [{ payload: Uint8Array.of(0x34, 0xff) }]],
    ["unmasked", "a frame without a mask", ["WS3"], 1002, [{ payload: "40", masked: false }]],
    ["reserved", "a reserved bit", ["WS7"], 1002, [{ payload: "40", reserved: 2 }]],
    ["opcode", "an unknown opcode", ["WS7"], 1002, [{ payload: "40", opcode: 3 }]],
    [
      "control-long",
      "a ping of 126 bytes",
      ["WS6"],
      1002,
      [{ opcode: 9, payload: "x".repeat(126) }],
    ],
    ["control-part", "a ping in pieces", ["WS6"], 1002, [{ opcode: 9, fin: false }]],
    ["continuation", "a continuation of nothing", ["WS5"], 1002, [{ opcode: 0, payload: "x" }]],
    [
      "inside",
      "a new message inside another",
      ["WS5"],
      1002,
      [{ payload: "4", fin: false }, { payload: "40" }],
    ],
    ["claim", "a length beyond all limits", ["WS2"], 1009, [{ claim: 1n << 53n, payload: "" }]],
    ["close-one", "a close frame of one byte", ["WS8"], 1002, [{ opcode: 8, payload: "x" }]],
  ] as const
).map(([id, title, rules, expected, plans]) => ({
  id: `frame-${id}`,
  title: `${title}: code ${expected}`,
  rules,
  needs: ["close codes"],
  run: (bench) => wireCode(bench, plans),
  expected,
}));

const polled: readonly BlackBoxCase[] = [
  {
    id: "body-utf8",
    title: "a body that is no UTF-8 harms its session at most",
    rules: ["NH44"],
    run: (bench) =>
      beside(bench, async () => {
        const session = await bench.polling();
        const { status } = await session.post(Uint8Array.of(0x34, 0x32, 0xff, 0xfe));
        const { text } = await session.poll();
        return [status, text.at(-1), await session.reason()];
      }),
    expected: [200, "1", "forced close"],
  },
];

const LENIENT: readonly Need[] = ["lenient HTTP"];
const CLIENT_HELLO = Uint8Array.of(0x16, 3, 1, 0, 0x81, 1, 0, 0, 0x80, 3, 3, 0x4f);

/** A complete request, whose network connection the server is asked to close after the response. */
const answered = (id: string, title: string, lines: readonly string[]): Plainly => ({
  id,
  title,
  bytes: `${[...lines, "Host: x", "Connection: close"].join("\r\n")}\r\n\r\n`,
});

interface Plainly {
  readonly id: string;
  readonly title: string;
  readonly bytes: string | Uint8Array;
}

const status = (expected: string, each: Plainly): BlackBoxCase => ({
  id: `http-${each.id}`,
  title: `${each.title}: ${expected}`,
  rules: ["NH44"],
  needs: LENIENT,
  run: (bench) => beside(bench, () => bench.statusOf(each.bytes)),
  expected,
});

const http: readonly BlackBoxCase[] = [
  status("400", { id: "tls", title: "a TLS handshake", bytes: CLIENT_HELLO }),
  status("400", {
    id: "method",
    title: "an unknown method",
    bytes: `BREW ${POLLING} HTTP/1.1\r\n\r\n`,
  }),
  status("400", { id: "version", title: "HTTP/7.3", bytes: `GET ${POLLING} HTTP/7.3\r\n\r\n` }),
  status(
    "200",
    answered("percent", "broken percent encoding", [
      `GET ${POLLING}&x=%E0%A4%A&%=%&y=%zz HTTP/1.1`,
    ]),
  ),
  status(
    "200",
    answered("parameters", "two thousand parameters", [
      `GET ${POLLING}${"&a=b".repeat(2000)} HTTP/1.1`,
    ]),
  ),
  status(
    "400",
    answered("repeated-ids", "repeated session ids", [`GET ${POLLING}&sid=a&sid=b HTTP/1.1`]),
  ),
  status(
    "400",
    answered("files-above", "a file above the served ones", [
      "GET /socket.io/../../../package.json HTTP/1.1",
    ]),
  ),
  status(
    "400",
    answered("negative", "a negative Content-Length", [
      `POST ${POLLING}&sid=x HTTP/1.1`,
      "Content-Length: -1",
    ]),
  ),
];

const upgrades: readonly BlackBoxCase[] = (
  [
    ["no-key", "no key", handshakeHead(WEBSOCKET).replace(/Sec-WebSocket-Key.*\r\n/, "")],
    [
      "version",
      "a version from the drafts",
      handshakeHead(WEBSOCKET).replace("Version: 13", "Version: 99"),
    ],
    ["post", "a POST that wants to upgrade", handshakeHead(WEBSOCKET).replace("GET", "POST")],
    ["proto", "transport=__proto__", handshakeHead(`${BASE}&transport=__proto__`)],
    ["sid-proto", "sid=__proto__", handshakeHead(`${WEBSOCKET}&sid=__proto__`)],
  ] as const
).map(([id, title, head]) => ({
  id: `upgrade-${id}`,
  title: `a WebSocket handshake with ${title} is refused`,
  rules: ["WS17", "EN36"],
  needs: ["upgrade refusals"],
  run: (bench) => beside(bench, () => bench.statusOf(head)),
  expected: "400",
}));

export const badInput: Chapter = {
  feature: "bad input",
  cases: [...refusedPackets, ...otherPackets, ...frames, ...polled, ...http, ...upgrades],
};
