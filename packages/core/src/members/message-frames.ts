// The frames of a packet in the form that a transport takes for a message.

import type { Encoded, Frame } from "@sockeye/protocol";

/** Adds the Engine.IO type character to text; bytes need none. */
export function asMessageFrames(encoded: Encoded): readonly Frame[] {
  if (typeof encoded === "string") return [`4${encoded}`];
  if (encoded instanceof Uint8Array) return [encoded];
  return encoded.map((frame) => (typeof frame === "string" ? `4${frame}` : frame));
}

/** The same for frames that outlive this call: on some hosts bytes are views of the application's data. */
export function ownedMessageFrames(encoded: Encoded): readonly Frame[] {
  return asMessageFrames(encoded).map((frame) =>
    typeof frame === "string" ? frame : new Uint8Array(frame),
  );
}
