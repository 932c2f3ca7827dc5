// The messages of the TypeErrors for data that cannot be sent. Types only: clients carry no table.

/** Why data cannot be serialised. The TypeError is thrown by `emit`, in the stack of its caller. */
export type EncodingFault =
  /** The data is circular, or nested too deeply. */
  | `data is circular or nested deeper than ${number} levels`
  /** The data has a Blob, with the JSON codec on a server. */
  | "a Blob cannot be sent from here: send `await blob.arrayBuffer()`"
  /** The data has a Blob, with the MessagePack codec. */
  | "a Blob cannot be sent as MessagePack: send `await blob.arrayBuffer()`"
  /** The data has a function in an array, a symbol or a bigint, with the MessagePack codec. */
  | `a ${string} cannot be sent as MessagePack`
  /** The option `parser` is a parser whose encoder returned something other than strings and bytes. */
  | `a parser must encode to strings and bytes, not ${string}`;
