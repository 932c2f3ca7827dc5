// HTTP long-polling: how packets are framed in bodies, compression, and what becomes of the session of a client that
// breaks the rules.

import { answerOf, bare, pollAnswer, postOk, refusal } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";
import { bytes } from "../plain.ts";
import { type PollingSession, RS } from "../polling-session.ts";

/** How a poll with that Accept-Encoding is answered: the encoding, and the length when it is decoded. */
async function encodingOf(bench: Bench, accept: string, length = 5000): Promise<unknown> {
  const session = await bench.polling();
  await bench.socket(session.id, ["emit", "t", "x".repeat(length)]);
  const { headers, body } = await session.poll({ "accept-encoding": accept });
  const encoding = String(headers["content-encoding"] ?? "none");
  return [encoding, bench.clients.decompress(encoding, body).byteLength];
}

/** A POST whose body has begun, and is known to be read; it never ends. */
async function unfinishedPost(bench: Bench, session: PollingSession): Promise<Disposable> {
  const tcp = await bench.clients.openTcp(bench.port);
  tcp.write(`POST ${session.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n4`);
  // It has been read once a request that was sent after it is answered, twice for servers that read in turns.
  await bench.fetch({ path: "/other" });
  await bench.fetch({ path: "/other" });
  return tcp;
}

const framing: readonly BlackBoxCase[] = [
  {
    id: "several",
    title: "several packets in a POST are told apart by RS",
    rules: ["EN11", "PR5"],
    async run(bench) {
      const session = await bench.polling();
      const body = ['42["a",1]', '42["b",2]', '421["ask","é🙂"]'].join(RS);
      const post = answerOf(await session.post(body));
      const got = [await bench.heardOf(session.id, "a"), await bench.heardOf(session.id, "b")];
      return { post, got, poll: answerOf(await session.poll()) };
    },
    expected: { post: postOk, got: [[1], [2]], poll: pollAnswer('431["é🙂"]') },
  },
  {
    id: "gathered",
    title: "what has gathered between two polls is one body",
    rules: ["EN10", "EN12", "PR5"],
    async run(bench) {
      const session = await bench.polling();
      await bench.socket(session.id, ["emit", "a"]);
      await bench.socket(session.id, ["emit", "b", bytes(1, 2, 3, 4)]);
      await bench.socket(session.id, ["emit", "c", "x\u001ey"]);
      return answerOf(await session.poll());
    },
    expected: pollAnswer(
      [
        '42["a"]',
        '451-["b",{"_placeholder":true,"num":0}]',
        "bAQIDBA==",
        '42["c","x\\u001ey"]',
      ].join(RS),
    ),
  },
  {
    id: "bytes",
    title: "bytes in a POST are base64 after a b",
    rules: ["EN12", "PR3"],
    async run(bench) {
      const session = await bench.polling();
      await session.post(['451-["x",{"_placeholder":true,"num":0}]', "bAQIDBA=="].join(RS));
      return await bench.heardOf(session.id, "x");
    },
    expected: [bytes(1, 2, 3, 4)],
  },
  {
    id: "held",
    title: "a poll is held until there is something",
    rules: ["EN10"],
    async run(bench) {
      const session = await bench.polling();
      const poll = await session.heldPoll();
      await bench.socket(session.id, ["emit", "come in"]);
      return answerOf(await bench.clients.within(poll.response, "the held poll"));
    },
    expected: pollAnswer('42["come in"]'),
  },
  {
    id: "chunked",
    title: "a POST in chunks, without a length",
    rules: ["EN11"],
    async run(bench) {
      const session = await bench.polling();
      const chunked = { "transfer-encoding": "chunked" };
      const post = answerOf(await session.post(`42["x","${"y".repeat(100_000)}"]`, chunked));
      return [post, String((await bench.heardOf(session.id, "x"))[0]).length];
    },
    expected: [postOk, 100_000],
  },
  ...(
    [
      ["gzip", "gzip, when it is accepted", "gzip, deflate, br", "gzip"],
      ["deflate", "else deflate", "deflate", "deflate"],
      ["br", "else nothing", "br", "none"],
    ] as const
  ).map(
    ([id, title, accept, encoding]): BlackBoxCase => ({
      id,
      title,
      rules: ["NH35"],
      needs: ["compression"],
      run: (bench) => encodingOf(bench, accept),
      expected: [encoding, 5010],
    }),
  ),
  {
    id: "short",
    title: "nothing below 1024 bytes",
    rules: ["NH35"],
    run: (bench) => encodingOf(bench, "gzip", 1000),
    expected: ["none", 1010],
  },
  {
    id: "no-compression",
    title: "httpCompression: false",
    rules: ["NH35"],
    options: { httpCompression: false },
    run: (bench) => encodingOf(bench, "gzip"),
    expected: ["none", 5010],
  },
  {
    id: "compress-false",
    title: "compress(false) leaves a body plain",
    rules: ["NH35"],
    async run(bench) {
      const session = await bench.polling();
      await bench.socket(session.id, ["compress", false], ["emit", "t", "x".repeat(5000)]);
      const { headers } = await session.poll({ "accept-encoding": "gzip" });
      return headers["content-encoding"] ?? "none";
    },
    expected: "none",
  },
];

const violations: readonly BlackBoxCase[] = [
  {
    id: "second-get",
    title: "a second GET: 400, the first is told to close, the session ends",
    rules: ["EN13"],
    async run(bench) {
      const session = await bench.polling();
      const first = await session.heldPoll();
      const second = answerOf(await session.poll());
      return {
        second,
        first: answerOf(await bench.clients.within(first.response, "the first poll")),
        session: await session.reason(),
      };
    },
    expected: { second: bare(400), first: pollAnswer("1"), session: "transport error" },
  },
  {
    id: "second-post",
    title: "a second POST: 400, the session ends",
    rules: ["EN14"],
    async run(bench) {
      const session = await bench.polling();
      using _first = await unfinishedPost(bench, session);
      const second = answerOf(await session.post('42["x"]'));
      const heard = await bench.heardSoFar(session.id);
      return { second, session: heard.find(([name]) => name === "disconnect") };
    },
    expected: { second: bare(400), session: ["disconnect", "transport error"] },
  },
  {
    id: "get-and-post",
    title: "a GET and POSTs at the same time are fine",
    rules: ["EN10", "EN11"],
    async run(bench) {
      const session = await bench.polling();
      const poll = await session.heldPoll();
      const posts = [await session.post('42["a"]'), await session.post('427["ask","b"]')];
      return [posts.map(({ text }) => text), (await poll.response).text];
    },
    expected: [["ok", "ok"], '437["b"]'],
  },
  {
    id: "octet-stream",
    title: "a POST of octet-stream: 400, the session ends",
    rules: ["EN15"],
    async run(bench) {
      const session = await bench.polling();
      const type = { "content-type": "application/octet-stream" };
      const post = answerOf(await session.post(Uint8Array.of(1, 2), type));
      return { post, session: await session.reason() };
    },
    expected: { post: bare(400), session: "transport error" },
  },
  {
    id: "get-given-up",
    title: "a GET broken off by the client ends the session",
    rules: ["EN17"],
    needs: ["aborted requests"],
    async run(bench) {
      const session = await bench.polling();
      (await session.heldPoll()).abort();
      return await session.reason();
    },
    expected: "transport error",
  },
  {
    id: "post-given-up",
    title: "a POST broken off by the client ends the session",
    rules: ["EN18"],
    needs: ["aborted requests"],
    async run(bench) {
      const session = await bench.polling();
      (await unfinishedPost(bench, session))[Symbol.dispose]();
      return await session.reason();
    },
    expected: "transport error",
  },
  {
    id: "close-packet",
    title: "the packet 1 in a POST: the pending GET gets 6, the session ends",
    rules: ["EN20"],
    async run(bench) {
      const session = await bench.polling();
      const poll = await session.heldPoll();
      const post = answerOf(await session.post("1"));
      return {
        post,
        poll: answerOf(await bench.clients.within(poll.response, "the pending poll")),
        session: await session.reason(),
      };
    },
    expected: { post: postOk, poll: pollAnswer("6"), session: "transport close" },
  },
  {
    id: "malformed",
    title: "a malformed packet ends the session; the next GET is refused",
    rules: ["EN21"],
    async run(bench) {
      const session = await bench.polling();
      await session.post("abc").catch(() => undefined);
      const reason = await session.reason();
      return { session: reason, next: answerOf(await session.poll()) };
    },
    expected: { session: "parse error", next: refusal(1, "Session ID unknown") },
  },
  {
    id: "before-malformed",
    title: "what stands before a malformed packet counts, what follows does not",
    rules: ["EN21"],
    async run(bench) {
      const session = await bench.polling();
      await session.post(['42["before"]', "abc", '42["after"]'].join(RS)).catch(() => undefined);
      const reason = await session.reason();
      return [reason, (await bench.heardSoFar(session.id)).map(([name]) => name)];
    },
    expected: ["parse error", ["before", "disconnecting"]],
    control: {
      expected: ["parse error", ["disconnecting", "before"]],
      reason: "an event is delivered a tick after it was decoded, here after the socket's end",
    },
  },
  {
    id: "empty",
    title: "an empty POST is a malformed packet",
    rules: ["EN21", "PR4"],
    async run(bench) {
      const session = await bench.polling();
      await session.post("").catch(() => undefined);
      return await session.reason();
    },
    expected: "parse error",
  },
];

export const polling: Chapter = { feature: "polling", cases: [...framing, ...violations] };
