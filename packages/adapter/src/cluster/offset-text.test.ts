// The offset in a packet that was encoded before it had one.

import { jsonCodec, type Packet, PacketType, withArgument } from "@sockeye/protocol";
import { expect, test } from "vitest";
import { markOf, offsetText, parseOffset, stamped } from "./offset-text.ts";

const codec = jsonCodec();
const event = (...data: unknown[]): Packet => ({ type: PacketType.EVENT, nsp: "/a", data });
const EPOCH = "epoch_-1";
const OFFSET = offsetText({ epoch: EPOCH, offset: 36 ** 3 });
const MARK = markOf(EPOCH);

test("RE1 the text of an offset has one length for an epoch, and is read back", () => {
  expect([OFFSET, MARK.length]).toEqual([`${EPOCH}.00000001000`, OFFSET.length]);
  const most = { epoch: EPOCH, offset: Number.MAX_SAFE_INTEGER };
  expect(offsetText(most)).toHaveLength(OFFSET.length);
  expect(parseOffset(offsetText(most))).toEqual(most);
  for (const text of ["", "a.1", `${EPOCH}.zzzzzzzzzzz`, "1526919030474-55", MARK]) {
    expect([text, parseOffset(text)]).toEqual([text, null]);
  }
});

test("RE1 an event that was encoded with a mark has the bytes of one that was encoded with the offset", () => {
  const bytes = new Uint8Array([1, 2, 3]);
  for (const packet of [event("x"), event("x", MARK, "é"), event("x", { bytes }, [MARK])]) {
    const marked = codec.encode(withArgument(packet, MARK));
    expect(stamped(marked, MARK, OFFSET)).toEqual(codec.encode(withArgument(packet, OFFSET)));
  }
});

test("RE1 in bytes an offset of the same length is put in; else the packet has to be encoded anew", () => {
  const text = (from: string): Uint8Array => new TextEncoder().encode(`head ${from} tail`);
  expect(stamped(text(MARK), MARK, OFFSET)).toEqual(text(OFFSET));
  expect(stamped(text(MARK), MARK, `${OFFSET}longer`)).toBeNull();
  expect(stamped(text("none"), MARK, OFFSET)).toBeNull();
  expect(stamped("none", MARK, OFFSET)).toBeNull();
});
