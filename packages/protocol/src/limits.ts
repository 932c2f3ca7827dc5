// Named bounds of the decoders and encoders. What a peer may make us keep is decided here.

/** Bounds applied while decoding what a peer sent. */
export interface DecodeLimits {
  /** Most binary attachments that one packet may announce. Default 10, as Socket.IO's parser. */
  readonly maxAttachments: number;
}

/** Everything that can be said to a decoder. */
export interface DecodeOptions extends DecodeLimits {
  /** Given to `JSON.parse`. */
  // biome-ignore lint/suspicious/noExplicitAny: the types of `JSON.parse`.
  readonly reviver?: ((this: any, key: string, value: any) => any) | undefined;
}

/** Most binary attachments of a packet when nothing else is said. */
export const MAX_ATTACHMENTS = 10;

/** The bounds used when none are given. */
export const DEFAULT_LIMITS: DecodeLimits = { maxAttachments: MAX_ATTACHMENTS };

/** Deepest nesting that is searched for binary data, in either direction. */
export const MAX_DEPTH = 1000;
