// Types that only a host knows. Portable code leaves the interface empty; a host fills it in by declaration:
//   declare module "@sockeye/core" { interface HostTypes { request: IncomingMessage } }

import type { RequestHeaders } from "@sockeye/engine";
import type { Handshake } from "../base/handshake.ts";
import type { ConnectionFace } from "../compat/connection-face.ts";

/** What the platform brings, for a host to declare: `request`, the platform's HTTP request. */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be extended by hosts.
export interface HostTypes {}

/** The platform's HTTP request; `unknown` without a host. */
export type HostRequest = HostTypes extends { request: infer Request } ? Request : unknown;

/** Headers as the platform's request has them. */
export type HostHeaders = HostRequest extends { headers: infer Headers } ? Headers : RequestHeaders;

/** Details of the handshake, with the platform's headers. */
export interface HostHandshake extends Omit<Handshake, "headers"> {
  /** Headers of the first request. */
  headers: HostHeaders;
}

/** An engine connection, with the request that opened it. */
export type HostConnection = ConnectionFace & { readonly request: HostRequest };
