// Types that depend on the host. Portable code leaves the interface empty; a host extends it by declaration:
//   declare module "@sockeye/core" { interface HostTypes { request: IncomingMessage } }

import type { RequestHeaders } from "@sockeye/engine";
import type { Handshake } from "../base/handshake.ts";
import type { ConnectionFace } from "../compat/connection-face.ts";

/** Types that a host declares: `request`, the platform's HTTP request. */
// biome-ignore lint/suspicious/noEmptyInterface: hosts extend it.
export interface HostTypes {}

/** The platform's HTTP request; `unknown` without a host. */
export type HostRequest = HostTypes extends { request: infer Request } ? Request : unknown;

/** The type of the headers of the platform's request. */
export type HostHeaders = HostRequest extends { headers: infer Headers } ? Headers : RequestHeaders;

/** Details of the handshake, with the platform's headers. */
export interface HostHandshake extends Omit<Handshake, "headers"> {
  /** Headers of the first request. */
  headers: HostHeaders;
}

/** An engine connection, with the request that opened it. */
export type HostConnection = ConnectionFace & { readonly request: HostRequest };
