// The encoding of frames on a transport: revision 4, revision 4 in base64 for clients without binary support (`b64`),
// revision 3. All layers inside use one form: text with its type character, bytes without.

import { frameToText } from "./engine-packet.ts";
import { encodePayload, splitPayload } from "./engine-payload.ts";
import type { Frame } from "./frame.ts";

/** The encoding of frames on one connection. */
export interface WireFormat {
  readonly revision: 3 | 4;
  /** The part of a request's query that asks for it; empty for the usual form of the revision. */
  readonly parameters: string;
  /** Whether a WebSocket carries frames unchanged, so that they can be prepared once for many. */
  readonly isPlain: boolean;
  /** Encodes a frame for a WebSocket. */
  toSocket(frame: Frame): Frame;
  /** Decodes a frame of a WebSocket. @throws ProtocolError */
  fromSocket(frame: Frame): Frame;
  /** Encodes a polling body. */
  encodeBody(frames: readonly Frame[]): Frame;
  /** Decodes a polling body. Broken frames are left in the result for the reader to refuse. @throws ProtocolError */
  decodeBody(body: Frame): Iterable<Frame>;
}

function identity(frame: Frame): Frame {
  return frame;
}

function textOf(body: Frame): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

/** Revision 4. */
export const REVISION_4: WireFormat = {
  revision: 4,
  parameters: "",
  isPlain: true,
  toSocket: identity,
  fromSocket: identity,
  encodeBody: encodePayload,
  decodeBody: (body) => splitPayload(textOf(body)),
};

/** Revision 4 for a client without binary support. */
export const REVISION_4_TEXT: WireFormat = {
  ...REVISION_4,
  parameters: "b64=1",
  isPlain: false,
  toSocket: frameToText,
};

/** The callback form of polling: a script that calls `___eio[index]` with the body, and POSTs of a form. */
export function jsonpFormat(format: WireFormat, index: string): WireFormat {
  return {
    ...format,
    parameters: `${format.parameters}&j=${index}`,
    encodeBody(frames) {
      const text = JSON.stringify(textOf(format.encodeBody(frames)))
        .replace(/\u2028/g, "\\u2028")
        .replace(/\u2029/g, "\\u2029");
      return `___eio[${index}](${text});`;
    },
    decodeBody(body) {
      const data = new URLSearchParams(textOf(body)).get("d");
      if (data === null) return [];
      // The HTML form doubles the backslash of every line break, so that escaped ones of the payload are preserved.
      const text = data.replace(/(\\)?\\n/g, (match, isEscaped) =>
        isEscaped ? match.slice(1) : "\n",
      );
      return format.decodeBody(text);
    },
  };
}
