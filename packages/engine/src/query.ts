// The query of a URL.

/** Parses the part of a URL behind the question mark. */
export function parseQuery(url: string): Record<string, string> {
  const mark = url.indexOf("?");
  return mark === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(mark + 1)));
}
