// What the targets without a protocol do, whichever runtime they are on. They get the bytes of Socket.IO without
// Engine.IO, Socket.IO, heartbeat or polling, and echo each message; one that begins `42["b` goes to everybody who sent
// `42["join"]`. A limit to compare with, no server to use.

/** Where the name of the event begins. */
export const MARK = '42["'.length;
/** What a message for all begins with there. */
export const BROADCAST = "b".charCodeAt(0);
/** The answer to who joins. */
export const JOINED = '42["joined"]';

const JOIN = "j".charCodeAt(0);
const JOIN_LENGTH = '42["join"]'.length;

/** In bytes: the longest message, and what may wait for a slow client. */
export const LIMITS = { message: 1 << 20, waiting: 64 << 20 };

/**
 * Whether a message says that its sender joins.
 * @param {number | undefined} mark the character or byte at `MARK`
 * @param {number} length of the message
 */
export const isJoin = (mark, length) => mark === JOIN && length === JOIN_LENGTH;
