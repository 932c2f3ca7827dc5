// What the errors of Node's networking mean for a client, and what to do. Knows their codes, and neither transports nor
// managers. Browsers keep all of this to themselves.

import type { Hint } from "./hint-code.ts";

/** Where the client wanted to connect to. */
export interface Target {
  readonly hostname?: string | undefined;
  readonly port?: string | number | undefined;
  readonly secure?: boolean | undefined;
}

/** An error of Node, of TLS, of its HTTP parser, or of `ws`. */
export interface SystemError {
  readonly code?: unknown;
  readonly message?: unknown;
}

const UNREACHABLE = /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EACCES|EADDRNOTAVAIL)$/;
const CERTIFICATE = /CERT|SIGNED|^UNABLE_TO/;
const NOT_TLS = /^(EPROTO|ERR_SSL_)/;
const RESET = /^(ECONNRESET|EPIPE|ECONNABORTED)$/;

/** What may be behind an error of Node; `undefined` for one of which nothing is known. */
export function systemHint({ code, message }: SystemError, target: Target): Hint | undefined {
  const { hostname = "", port = "", secure } = target;
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  const place = `${host}:${port}`;
  const name = String(code);
  if (name === "ECONNREFUSED") {
    const local =
      hostname === "localhost" ? "; outside a page, io() without a host means localhost" : "";
    return [
      "HINT_REFUSED",
      `nothing listens at ${place} (${name}): start the server, or correct the address${local}`,
    ];
  }
  if (name === "ENOTFOUND" || name === "EAI_AGAIN") {
    return [
      "HINT_UNKNOWN_HOST",
      `there is no host "${hostname}" (${name}): is the name spelled right?`,
    ];
  }
  if (UNREACHABLE.test(name)) {
    return [
      "HINT_UNREACHABLE",
      `${place} cannot be reached (${name}): network, firewall, address?`,
    ];
  }
  if (NOT_TLS.test(name)) {
    return [
      "HINT_HTTP_SERVER",
      `the server at ${place} does not speak TLS (${name}): use http://${place} (or ws://)`,
    ];
  }
  if (CERTIFICATE.test(name)) {
    return [
      "HINT_CERTIFICATE",
      `the certificate of ${host} is refused (${name}), ${String(message)}: trust its authority by the option ca, or NODE_EXTRA_CA_CERTS`,
    ];
  }
  if (name.startsWith("HPE_") && !secure) {
    return [
      "HINT_HTTPS_SERVER",
      `the answer of ${place} is not HTTP (${name}): if it speaks TLS, use https://${place}`,
    ];
  }
  if (RESET.test(name)) {
    const tls = secure ? "" : `if it speaks TLS, use https://${place}; else `;
    return [
      "HINT_RESET",
      `${place} cut the connection without an answer (${name}): ${tls}look into the log of the server, and of what is in front of it`,
    ];
  }
  if (name === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
    return ["HINT_MAX_PAYLOAD", "a message is longer than the client's option maxPayload"];
  }
  return undefined;
}
