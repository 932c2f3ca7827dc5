// A request of Deno, for the head that the layers above read. Deno lets a request go with its answer: of one that begins a
// session, which is read later, headers and address are read at once.

import type { RequestHeaders } from "@sockeye/engine";
import type { HeadSource } from "@sockeye/server";
import type { DenoServeInfo } from "./deno.ts";

/** Path and query of a request's URL. */
export function pathOf(url: string): string {
  return url.slice(url.indexOf("/", "https://".length));
}

/** What Deno knows of a request. */
export class DenoRequestSource implements HeadSource<Request> {
  readonly method: string;
  readonly url: string;
  readonly secure: boolean;
  readonly raw: Request;
  readonly #info: DenoServeInfo;
  #address: string | null = null;
  #all: Readonly<Record<string, string>> | null = null;

  /** `url`: path and query. */
  constructor(raw: Request, url: string, info: DenoServeInfo) {
    this.raw = raw;
    this.url = url;
    this.method = raw.method;
    this.secure = raw.url.startsWith("https:");
    this.#info = info;
    if (url.includes("sid=")) return;
    this.headers();
    this.#address = addressOf(info);
  }

  get remoteAddress(): string {
    return this.#address ?? addressOf(this.#info);
  }

  header(name: string): string | undefined {
    return this.#all === null ? (this.raw.headers.get(name) ?? undefined) : this.#all[name];
  }

  headers(): RequestHeaders {
    this.#all ??= Object.fromEntries(this.raw.headers);
    return this.#all;
  }
}

function addressOf({ remoteAddr }: DenoServeInfo): string {
  return ("hostname" in remoteAddr && remoteAddr.hostname) || "";
}
