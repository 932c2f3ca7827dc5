// How long the send buffer of a socket may become, and the error beyond that.

import { clientError } from "./errors.ts";

/** More than applications keep on purpose; less than a page that is left alone for days would. */
export const MOST_KEPT = 100_000;

/** The error of an event that would make the send buffer longer than it may be. */
export const bufferFull = (): Error => clientError("ERR_BUFFER_FULL", "send buffer is full");
