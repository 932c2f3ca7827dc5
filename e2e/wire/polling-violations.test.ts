// HTTP long-polling: what becomes of the session of a client that breaks its rules.
import { within } from "../kit/deadline.ts";
import { answerOf } from "../kit/raw-http.ts";
import { bare, pollAnswer, postOk, refusal } from "./answers.ts";
import { RS } from "./polling-session.ts";
import { type Row, registerRows } from "./rows.ts";
import { BASE } from "./wire.ts";

const violations: readonly Row[] = [
  {
    title: "a second GET: 400, the first is told to close, the session ends",
    act: async (wire) => {
      const session = await wire.polling();
      const first = session.beginPoll();
      await session.post('42["first poll is here"]');
      await session.peer.inbox.take("first poll is here");
      const second = answerOf(await session.poll());
      return {
        second,
        first: answerOf(await within(first.response, "the first poll")),
        session: await session.closeReason(),
      };
    },
    expect: { second: bare(400), first: pollAnswer("1"), session: "transport error" },
  },
  {
    title: "a second POST: 400, the session ends",
    act: async (wire) => {
      const session = await wire.polling();
      const poll = session.beginPoll();
      const first = wire.begin({
        method: "POST",
        path: session.path,
        headers: { "content-length": "100" },
        body: "",
      });
      first.request.flushHeaders();
      await new Promise<void>((resolve) =>
        first.request.once("socket", (socket) =>
          socket.connecting ? socket.once("connect", resolve) : resolve(),
        ),
      );
      // The unfinished POST has reached the server once a request sent after it has been answered.
      await wire.fetch({ path: "/other" });
      const second = answerOf(await session.post('42["x"]'));
      poll.abort();
      return { second, session: await session.closeReason() };
    },
    expect: { second: bare(400), session: "transport error" },
  },
  {
    title: "a POST of octet-stream: 400, the session ends",
    act: async (wire) => {
      const session = await wire.polling();
      const post = answerOf(
        await session.post(Buffer.from([1, 2]), { "content-type": "application/octet-stream" }),
      );
      return { post, session: await session.closeReason() };
    },
    expect: { post: bare(400), session: "transport error" },
  },
  {
    title: "a POST over maxHttpBufferSize: 413, the session stays",
    options: { maxHttpBufferSize: 1000 },
    act: async (wire) => {
      const session = await wire.polling();
      const post = await session.post(`42["${"x".repeat(2000)}"]`);
      return { status: post.status, body: post.text, session: await session.proveOpen() };
    },
    expect: { status: 413, body: "", session: "open" },
  },
  {
    title: "a POST over the limit in chunks, without a length: 413, the session stays",
    options: { maxHttpBufferSize: 1000 },
    act: async (wire) => {
      const session = await wire.polling();
      const chunked = { "transfer-encoding": "chunked" };
      const post = await session.post(`42["${"x".repeat(200_000)}"]`, chunked);
      return { status: post.status, session: await session.proveOpen() };
    },
    expect: { status: 413, session: "open" },
  },
  {
    title: "a POST of exactly maxHttpBufferSize is taken",
    options: { maxHttpBufferSize: 1000 },
    act: async (wire) => {
      const session = await wire.polling();
      const post = answerOf(await session.post(`42["fits","${"x".repeat(1000 - 13)}"]`));
      return { post, length: String((await session.peer.inbox.take("fits"))[0]).length };
    },
    expect: { post: postOk, length: 987 },
  },
  {
    title: "a GET broken off by the client ends the session",
    act: async (wire) => {
      const session = await wire.polling();
      const poll = session.beginPoll();
      await session.post('42["the poll is here"]');
      await session.peer.inbox.take("the poll is here");
      poll.abort();
      return await session.closeReason();
    },
    expect: "transport error",
  },
  {
    title: "a POST broken off by the client ends the session",
    act: async (wire) => {
      const session = await wire.polling();
      const post = wire.begin({
        method: "POST",
        path: session.path,
        headers: { "content-length": "100" },
        body: "",
      });
      post.request.flushHeaders();
      await new Promise<void>((resolve) =>
        post.request.once("socket", (socket) =>
          socket.connecting ? socket.once("connect", resolve) : resolve(),
        ),
      );
      await wire.fetch({ path: "/other" });
      post.abort();
      return await session.closeReason();
    },
    expect: "transport error",
  },
  ...["PUT", "DELETE", "PATCH", "OPTIONS"].map(
    (method): Row => ({
      title: `a ${method} with a session: 500, the session stays`,
      act: async (wire) => {
        const session = await wire.polling();
        return {
          answer: answerOf(await wire.fetch({ method, path: session.path })),
          session: await session.proveOpen(),
        };
      },
      expect: { answer: bare(500), session: "open" },
    }),
  ),
  ...["POST", "PUT", "OPTIONS"].map(
    (method): Row => ({
      title: `a ${method} without a session: code 2`,
      act: async (wire) =>
        answerOf(await wire.fetch({ method, path: `${BASE}&transport=polling` })),
      expect: refusal(2, "Bad handshake method"),
    }),
  ),
  {
    title: "the packet 1 in a POST: the pending GET gets 6, the session ends",
    act: async (wire) => {
      const session = await wire.polling();
      const poll = session.beginPoll();
      await session.post('42["the poll is here"]');
      await session.peer.inbox.take("the poll is here");
      const post = answerOf(await session.post("1"));
      return {
        post,
        poll: answerOf(await within(poll.response, "the pending poll")),
        session: await session.closeReason(),
      };
    },
    expect: { post: postOk, poll: pollAnswer("6"), session: "transport close" },
  },
  {
    title: "a malformed packet ends the session; the next GET is refused",
    act: async (wire) => {
      const session = await wire.polling();
      await session.post("abc").catch(() => undefined);
      const reason = await session.closeReason();
      return { session: reason, next: answerOf(await session.poll()) };
    },
    expect: { session: "parse error", next: refusal(1, "Session ID unknown") },
  },
  {
    title: "what stands before a malformed packet counts, what follows does not",
    act: async (wire) => {
      const session = await wire.polling();
      await session.post(['42["before"]', "abc", '42["after"]'].join(RS)).catch(() => undefined);
      const reason = await session.closeReason();
      return [reason, session.peer.inbox.names()];
    },
    expect: ["parse error", ["before", "disconnecting"]],
    upstream: {
      expect: ["parse error", ["disconnecting", "before"]],
      reason: "an event is delivered a tick after it was decoded, here after the socket's end",
    },
  },
  {
    title: "an empty POST is a malformed packet",
    act: async (wire) => {
      const session = await wire.polling();
      await session.post("").catch(() => undefined);
      return await session.closeReason();
    },
    expect: "parse error",
  },
];

registerRows("polling: violations", violations);
