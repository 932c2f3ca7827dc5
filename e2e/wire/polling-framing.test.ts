// HTTP long-polling: how packets are framed in bodies, and how bodies are compressed.
import { gunzipSync, inflateSync } from "node:zlib";
import { within } from "../kit/deadline.ts";
import { answerOf } from "../kit/raw-http.ts";
import { pollAnswer, postOk } from "./answers.ts";
import { RS } from "./polling-session.ts";
import { type Row, registerRows } from "./rows.ts";
import { BASE, type Wire } from "./wire.ts";

/** A session whose socket has been sent a text of that many characters, not yet fetched. */
async function withText(wire: Wire, length: number) {
  const session = await wire.polling();
  session.peer.socket.emit("t", "x".repeat(length));
  return session;
}

/** How a poll with that Accept-Encoding is answered: the encoding, and the decoded length. */
async function encodingOf(wire: Wire, accept: string, length = 5000): Promise<unknown> {
  const session = await withText(wire, length);
  const { headers, body } = await session.poll({ "accept-encoding": accept });
  const encoding = headers["content-encoding"] ?? "none";
  const decoded =
    encoding === "gzip" ? gunzipSync(body) : encoding === "deflate" ? inflateSync(body) : body;
  return [encoding, decoded.byteLength];
}

const framing: readonly Row[] = [
  {
    title: "several packets in a POST are told apart by RS",
    act: async (wire) => {
      const session = await wire.polling();
      const post = answerOf(
        await session.post(['42["a",1]', '42["b",2]', '421["ask","é🙂"]'].join(RS)),
      );
      const got = [await session.peer.inbox.take("a"), await session.peer.inbox.take("b")];
      return { post, got, poll: answerOf(await session.poll()) };
    },
    expect: { post: postOk, got: [[1], [2]], poll: pollAnswer('431["é🙂"]') },
  },
  {
    title: "what has gathered between two polls is one body",
    act: async (wire) => {
      const session = await wire.polling();
      const { socket } = session.peer;
      socket.emit("a");
      socket.emit("b", Buffer.from([1, 2, 3, 4]));
      socket.emit("c", "x\u001ey");
      return answerOf(await session.poll());
    },
    expect: pollAnswer(
      [
        '42["a"]',
        '451-["b",{"_placeholder":true,"num":0}]',
        "bAQIDBA==",
        '42["c","x\\u001ey"]',
      ].join(RS),
    ),
  },
  {
    title: "bytes in a POST are base64 after a b",
    act: async (wire) => {
      const session = await wire.polling();
      await session.post(['451-["x",{"_placeholder":true,"num":0}]', "bAQIDBA=="].join(RS));
      const [bytes] = await session.peer.inbox.take("x");
      return [Buffer.isBuffer(bytes), ...(bytes as Buffer)];
    },
    expect: [true, 1, 2, 3, 4],
  },
  {
    title: "a poll is held until there is something",
    act: async (wire) => {
      const session = await wire.polling();
      const poll = session.beginPoll();
      await session.post('42["knock"]');
      await session.peer.inbox.take("knock");
      session.peer.socket.emit("come in");
      return answerOf(await within(poll.response, "the held poll"));
    },
    expect: pollAnswer('42["come in"]'),
  },
  {
    title: "gzip, when it is accepted",
    act: (wire) => encodingOf(wire, "gzip, deflate, br"),
    expect: ["gzip", 5010],
  },
  { title: "else deflate", act: (wire) => encodingOf(wire, "deflate"), expect: ["deflate", 5010] },
  { title: "else nothing", act: (wire) => encodingOf(wire, "br"), expect: ["none", 5010] },
  {
    title: "nothing below 1024 bytes",
    act: (wire) => encodingOf(wire, "gzip", 1000),
    expect: ["none", 1010],
  },
  {
    title: "httpCompression: false",
    options: { httpCompression: false },
    act: (wire) => encodingOf(wire, "gzip"),
    expect: ["none", 5010],
  },
  {
    title: "compress(false) leaves a body plain",
    act: async (wire) => {
      const session = await wire.polling();
      session.peer.socket.compress(false).emit("t", "x".repeat(5000));
      return (await session.poll({ "accept-encoding": "gzip" })).headers["content-encoding"];
    },
    expect: undefined,
  },
  {
    title: "Internet Explorer is told not to sniff for scripts",
    act: async (wire) =>
      (
        await wire.fetch({
          path: `${BASE}&transport=polling`,
          headers: { "user-agent": "Mozilla/5.0 (compatible;MSIE 10.0)" },
        })
      ).headers["x-xss-protection"],
    expect: "0",
  },
];

registerRows("polling: framing", framing);
