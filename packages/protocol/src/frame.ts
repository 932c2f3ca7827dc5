// A frame is one wire unit. In the form every layer here passes around, text frames begin with
// their Engine.IO type character and binary frames are bare bytes (always a message).

/** One wire unit: text that begins with an Engine.IO type character, or the bytes of a binary message. */
export type Frame = string | Uint8Array;
