// Types that depend on the host's HTTP request, which is a parameter: several hosts may be in one program.

import type { RequestHeaders } from "@sockeye/engine";
import type { Handshake } from "../base/handshake.ts";
import type { ConnectionFace } from "../compat/connection-face.ts";

/** The type of the headers of a host's request. */
export type HostHeaders<Request> = Request extends { headers: infer Headers }
  ? Headers
  : RequestHeaders;

/** Details of the handshake, with the host's headers. */
export interface HostHandshake<Request = unknown> extends Omit<Handshake, "headers"> {
  /** Headers of the first request. */
  headers: HostHeaders<Request>;
}

/** An engine connection, with the request that opened it. */
export type HostConnection<Request = unknown> = ConnectionFace & { readonly request: Request };
