// What a server keeps of a packet for longer than the packet keeps no more than itself alive.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { jsonCodec } from "./json-codec.ts";
import { PacketType } from "./packet.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test("PR32 the name of a namespace does not keep the packet that it came in", () => {
  const decoder = jsonCodec().createDecoder();
  const names: string[] = [];
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 100; n++) {
    // From bytes, as they come; a repeated string would not be in one piece.
    const auth = Buffer.alloc(100_000, "x").toString("latin1");
    const packet = decoder.add(Buffer.from(`0/a-long-enough-name-${n},{"a":"${auth}"}`).toString());
    expect(packet).toMatchObject({ type: PacketType.CONNECT, nsp: `/a-long-enough-name-${n}` });
    names.push(packet?.nsp as string);
  }
  collectGarbage();
  // Kept, the packets would be ten megabytes.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(3_000_000);
  expect(names).toHaveLength(100);
});

test.each(["/__proto__", "/constructor", "/0", "/", "/ä", "/a?b=c"])(
  "PR32 any name stays what it is: %s",
  (name) => {
    expect(jsonCodec().createDecoder().add(`0${name},`)).toMatchObject({ nsp: name });
  },
);
