// An event that is passed on, as a packet.

import { expect, test } from "vitest";
import { jsonCodec } from "./json-codec.ts";
import type { Packet } from "./packet.ts";
import { hasArguments, lastText, PassedEvent, passedFrames, withArgument } from "./passed-event.ts";

const codec = jsonCodec();

function passed(text: string, ...attachments: Uint8Array[]): PassedEvent {
  const head = codec.undecoded?.headOf(text);
  if (head == null) throw new Error(`no event: ${text}`);
  return new PassedEvent(head, { text, attachments });
}

const TEXT = '2/a,["cursor", {"x":1} ]';
const WITH_BYTES = '51-["cursor",{"_placeholder":true,"num":0}]';

test("PR43 an event that is passed on keeps the frames that came", () => {
  const bytes = new Uint8Array([1, 2]);
  expect(passedFrames(passed(TEXT))).toBe(TEXT);
  const frames = passedFrames(passed(WITH_BYTES, bytes)) as readonly unknown[];
  expect(frames).toEqual([WITH_BYTES, bytes]);
  expect(frames[1]).toBe(bytes);
  expect(passedFrames({ type: 2, nsp: "/", data: ["a"] })).toBeUndefined();
});

test("PR43 its data is decoded when it is read, and copied with the packet", () => {
  const packet = passed(TEXT);
  expect(packet.data).toEqual(["cursor", { x: 1 }]);
  expect(packet.data).toBe(packet.data);
  const plain = { type: 2, nsp: "/a", data: ["cursor", { x: 1 }] };
  expect(JSON.parse(JSON.stringify(packet))).toEqual(plain);
  const copy = { ...packet };
  expect(copy).toEqual(plain);
  expect(passedFrames(copy)).toBeUndefined();
  expect(codec.encode(copy)).toBe('2/a,["cursor",{"x":1}]');
});

test("PR43 who changes what was read of the attachments does not change what is sent", () => {
  const bytes = new Uint8Array([1, 2]);
  const packet = passed(WITH_BYTES, bytes);
  const [, read] = packet.data as [string, Uint8Array];
  read[0] = 9;
  expect(bytes).toEqual(new Uint8Array([1, 2]));
});

test("PR43 a packet that was read or changed has no frames any more", () => {
  const changes: ((packet: PassedEvent) => void)[] = [
    (packet) => {
      // As adapters written for Socket.IO do.
      (packet.data as unknown[]).push("offset");
    },
    (packet) => {
      packet.data = ["other"];
    },
    (packet) => {
      packet.nsp = "/b";
    },
    (packet) => {
      packet.type = 3;
    },
    (packet) => {
      (packet as Packet).id = 7;
    },
  ];
  for (const change of changes) {
    const packet = passed(TEXT);
    change(packet);
    expect(passedFrames(packet)).toBeUndefined();
  }
  const packet = passed(TEXT);
  packet.data = ["other"];
  expect(packet.data).toEqual(["other"]);
  expect(lastText(packet)).toBe("other");
  expect(withArgument(packet, "more").data).toEqual(["other", "more"]);
});

test("PR43 an argument is added without decoding", () => {
  const added = withArgument(passed('2["cursor", "a" \n] '), 'off"set');
  expect(passedFrames(added)).toBe('2["cursor", "a" \n,"off\\"set"]');
  expect(added.data).toEqual(["cursor", "a", 'off"set']);
  expect(lastText(added)).toBe('off"set');
  const bytes = new Uint8Array([1]);
  const [head, attachment] = passedFrames(
    withArgument(passed(WITH_BYTES, bytes), "x"),
  ) as unknown[];
  expect(head).toBe('51-["cursor",{"_placeholder":true,"num":0},"x"]');
  expect(attachment).toBe(bytes);
});

test("PR43 whether the last argument is text", () => {
  expect(lastText(passed('2["cursor","a" ]'))).toBe("");
  expect(lastText(passed('2["cursor","a]"\n]'))).toBe("");
  expect(lastText(passed('2["cursor"]'))).toBe("");
  expect(lastText(passed('2["cursor",["a"] ]'))).toBeUndefined();
  expect(lastText(passed('2["cursor",1]'))).toBeUndefined();
  const plain = (data: unknown): Packet => ({ type: 2, nsp: "/", data });
  expect([lastText(plain(["a", "b"])), lastText(plain(["a", 1]))]).toEqual(["b", undefined]);
  expect(withArgument(plain(["a", 1]), "b")).toEqual(plain(["a", 1, "b"]));
  expect([hasArguments(passed(TEXT)), hasArguments(plain([])), hasArguments(plain({}))]).toEqual([
    ...[true, true, false],
  ]);
});
