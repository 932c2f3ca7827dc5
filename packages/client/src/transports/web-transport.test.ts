// The frames of WebTransport on a stream of bytes: how they are written, and how long they may be.

import { afterEach, expect, test, vi } from "vitest";
import { type WebTransportStub, webTransportStub } from "../../testing/web-transport-stub.ts";
import { SILENT } from "./transport.ts";
import { WebTransport } from "./web-transport.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

async function open(stub: WebTransportStub, options: { maxPayload?: number } = {}) {
  vi.stubGlobal("WebTransport", stub.Class);
  const transport = new WebTransport({
    options,
    url: (scheme) => `${scheme}://here/engine.io/?transport=webtransport`,
    binaryType: () => "arraybuffer",
  });
  const frames: unknown[] = [];
  const errors: Error[] = [];
  let fail = (_error: Error): void => {};
  const failed = new Promise<Error>((resolve) => {
    fail = resolve;
  });
  const drained = vi.fn();
  await new Promise<void>((resolve) => {
    transport.sink = {
      ...SILENT,
      onOpen: resolve,
      onDrain: drained,
      onFrame: (frame) => void frames.push(frame),
      onError(error) {
        errors.push(error);
        fail(error);
      },
    };
    transport.open();
  });
  const session = stub.latest();
  return { transport, session, frames, errors, drained, failed };
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test("CL28 length and payload of a frame are one write", async () => {
  const { transport, session } = await open(webTransportStub());
  await transport.send([
    { type: "message", data: "hello" },
    { type: "message", data: Uint8Array.of(1, 2) },
    { type: "message", data: "x".repeat(200) },
    { type: "message", data: "x".repeat(70_000) },
  ]);
  const [first, second, third, fourth, fifth] = session.writes;
  expect(session.writes).toHaveLength(5);
  expect([first![0], text(first!.subarray(1))]).toEqual([1, "0"]);
  expect([second![0], text(second!.subarray(1))]).toEqual([6, "4hello"]);
  expect([...third!]).toEqual([0x82, 1, 2]);
  expect([...fourth!.subarray(0, 3), fourth!.length]).toEqual([126, 0, 201, 204]);
  expect([...fifth!.subarray(0, 9), fifth!.length]).toEqual([
    127, 0, 0, 0, 0, 0, 1, 0x11, 0x71, 70_010,
  ]);
});

test("CL28 the packets of two calls do not mix, and it can send again after the last of them", async () => {
  const waiting: (() => void)[] = [];
  let isSlow = false;
  const stub = webTransportStub(() =>
    isSlow ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(),
  );
  const { transport, session, drained } = await open(stub);
  isSlow = true;
  const first = transport.send([
    { type: "ping", data: "probe" },
    { type: "message", data: new Blob(["slow"]) },
  ]);
  const second = transport.send([{ type: "upgrade" }]);
  for (let at = 0; at < 3; at++) {
    await vi.waitUntil(() => waiting.length > at);
    expect([transport.writable, drained.mock.calls.length]).toEqual([false, 0]);
    waiting[at]!();
  }
  await Promise.all([first, second]);
  expect(session.writes.slice(1).map((bytes) => text(bytes.subarray(1)))).toEqual([
    ...["2probe", "slow", "5"],
  ]);
  expect([transport.writable, drained.mock.calls.length]).toEqual([true, 1]);
});

test("CL29 a frame that is announced to be longer than maxPayload ends the transport with an error", async () => {
  const { session, frames, errors, failed } = await open(webTransportStub(), { maxPayload: 5 });
  await session.receive(5, ...[..."4abcd"].map((letter) => letter.charCodeAt(0)));
  await vi.waitUntil(() => frames.length > 0);
  expect(frames).toEqual(["4abcd"]);
  await session.receive(127, 0x80, 0, 0, 0, 0, 0, 0, 0);
  expect(await failed).toMatchObject({
    message: "webtransport error",
    description: {
      code: "ERR_FRAME_LENGTH",
      message: `a frame of ${2 ** 63} bytes exceeds maxPayload (5)`,
    },
  });
  expect(errors).toHaveLength(1);
});

test.each([
  [undefined, 104_857_600],
  [0, 2 ** 40],
])("CL29 with maxPayload %s a frame may have %d bytes", async (maxPayload, length) => {
  const options = maxPayload === undefined ? {} : { maxPayload };
  const { session, errors } = await open(webTransportStub(), options);
  const announced = new DataView(new ArrayBuffer(9));
  announced.setUint8(0, 127);
  announced.setBigUint64(1, BigInt(length));
  await session.receive(...new Uint8Array(announced.buffer));
  expect(errors).toEqual([]);
  if (maxPayload === 0) return;
  const other = await open(webTransportStub(), options);
  announced.setBigUint64(1, BigInt(length + 1));
  await other.session.receive(...new Uint8Array(announced.buffer));
  expect(await other.failed).toMatchObject({ message: "webtransport error" });
});

test.each([
  [
    "a close packet",
    (session: { receive(...bytes: number[]): Promise<void> }) =>
      session.receive(1, 0x31, 2, 0x34, 0x61),
  ],
  ["the end of the stream", (session: { endStream(): Promise<void> }) => session.endStream()],
] as const)(
  "WT20 at %s the session is closed, behind everything that came before",
  async (_, end) => {
    const { transport, session, frames } = await open(webTransportStub());
    const closed = new Promise((resolve) => {
      transport.sink = { ...transport.sink, onClose: resolve };
    });
    await session.receive(3, 0x34, 0x61, 0x62);
    await end(session);
    expect(await closed).toMatchObject({ description: "webtransport session closed" });
    await session.closed;
    expect(frames).toEqual(["4ab"]);
  },
);

test("WT21 closing ends the stream behind what was sent; the session is closed a second later", async () => {
  const { transport, session } = await open(webTransportStub());
  vi.useFakeTimers();
  try {
    let isClosed = false;
    void session.closed.then(() => {
      isClosed = true;
    });
    void transport.send([{ type: "message", data: "last" }]);
    transport.close();
    await session.ended;
    expect(text(session.writes.at(-1)!.subarray(1))).toBe("4last");
    await vi.advanceTimersByTimeAsync(999);
    expect(isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isClosed).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
