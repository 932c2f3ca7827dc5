// One value for each header of a request, from names and values in turn, as Node folds them.

import type { RequestHeaders } from "@sockeye/engine";

// Of these the first value counts when a client repeats the header; others are joined (Node's documentation of
// `message.headers`).
const SINGLE = new Set(
  (
    "age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since " +
    "last-modified location max-forwards proxy-authorization referer retry-after server user-agent"
  ).split(" "),
);

/** Stands between the lines of a header as one text: URLs and headers contain no line break. */
export const SEPARATOR = "\n";

/** One of them as one text, by its name in lower case. */
export function headerIn(headers: RequestHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === "object" ? value.join(", ") : value;
}

/** Headers by names in lower case; `raw` has a name, its value, the next name, and so on. */
export function foldedHeaders(raw: readonly string[]): RequestHeaders {
  const headers: Record<string, string | string[]> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] as string).toLowerCase();
    const value = raw[at + 1] as string;
    const before = headers[name];
    if (name === "set-cookie") {
      headers[name] = [before ?? [], value].flat();
    } else if (before === undefined) headers[name] = value;
    else if (!SINGLE.has(name)) headers[name] = before + (name === "cookie" ? "; " : ", ") + value;
  }
  return headers;
}
