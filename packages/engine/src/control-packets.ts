// Classifies text frames other than messages: heartbeat, end, or a protocol violation. Pure.

import { BASE64_CODE, EngineCode, type Frame, fromBase64, ProtocolError } from "@sockeye/protocol";
import { engineError } from "./errors.ts";
import type { Closing } from "./reasons.ts";
import type { Revision } from "./revision.ts";

/** The meaning of a frame. */
export type Control =
  /** The client's part of the heartbeat. */
  | { readonly kind: "beat" }
  /** A sign of life without meaning. */
  | { readonly kind: "sign of life" }
  /** A message: bytes in base64. */
  | { readonly kind: "message"; readonly payload: Frame }
  /** The client closes the session. */
  | { readonly kind: "lost"; readonly closing: Closing };

const BEAT: Control = { kind: "beat" };
const SIGN_OF_LIFE: Control = { kind: "sign of life" };

/** Classifies a text frame; `revision` is that of its connection. */
export function readControl(frame: string, revision: Revision): Control {
  switch (frame.charCodeAt(0)) {
    // In revision 4 the server pings, in revision 3 the client.
    case EngineCode.pong:
      return revision === 4 ? BEAT : wrongDirection();
    case EngineCode.ping:
      return revision === 3 ? BEAT : wrongDirection();
    case EngineCode.close:
      return { kind: "lost", closing: { reason: "transport close" } };
    case EngineCode.open:
    case EngineCode.upgrade:
    case EngineCode.noop:
      return SIGN_OF_LIFE;
    case BASE64_CODE:
      return bytesOf(frame);
    default:
      return { kind: "lost", closing: { reason: "parse error" } };
  }
}

function wrongDirection(): Control {
  const error = engineError("ERR_HEARTBEAT_DIRECTION");
  return { kind: "lost", closing: { reason: "transport error", error } };
}

function bytesOf(frame: string): Control {
  try {
    return { kind: "message", payload: fromBase64(frame.slice(1)) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { kind: "lost", closing: { reason: "parse error", error } };
  }
}
