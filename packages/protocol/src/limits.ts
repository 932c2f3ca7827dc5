// Limits of the decoders and encoders: how much memory received data may take.

/** Limits of received data. */
export interface DecodeLimits {
  /** Most binary attachments that one packet may announce. Default 10, as Socket.IO's parser. */
  readonly maxAttachments: number;
  /** Most bytes of the attachments of one packet. Default: none but what their number and the size of messages allow. */
  readonly maxAttachmentBytes?: number | undefined;
  /** Deepest nesting of the data, in levels below the list of arguments. Default 1000. */
  readonly maxDepth?: number | undefined;
}

/** Options of a decoder. */
export interface DecodeOptions extends DecodeLimits {
  /** Given to `JSON.parse`. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of `JSON.parse`.
  readonly reviver?: ((this: any, key: string, value: any) => any) | undefined;
}

/** Default limit of binary attachments per packet. */
export const MAX_ATTACHMENTS = 10;

/** The default limits. */
export const DEFAULT_LIMITS: DecodeLimits = { maxAttachments: MAX_ATTACHMENTS };

/**
 * Deepest nesting of received data, in levels below the list of arguments. Deeper data is refused before it reaches an
 * application, because sending it again could exhaust the stack.
 */
export const MAX_DEPTH = 1000;

/**
 * Deepest nesting of data that is sent. An application that relays what it received usually wraps it first, so this is
 * more than `MAX_DEPTH`; the walk through the data takes at most about 500 bytes of the stack per level.
 */
export const MAX_SENT_DEPTH = 1500;
