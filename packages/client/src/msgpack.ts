// The MessagePack wire form, for the option `parser`. Servers have the same from `@sockeye/node`.

import { type Codec, msgpackCodec as codec, MAX_SENT_DEPTH } from "@sockeye/protocol";

/** The wire form of `socket.io-msgpack-parser`. Takes data as deeply nested as a server may send it. */
export function msgpackCodec(): Codec {
  // The decoder counts what stands in the innermost array too.
  return codec(MAX_SENT_DEPTH + 1);
}
