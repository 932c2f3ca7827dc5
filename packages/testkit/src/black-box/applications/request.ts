// The few things that applications ask of a request, whose type is the host's: Node's, or that of fetch.

/** Path and query of a request. */
export function pathOf(request: object): string {
  const { url } = request as { url?: unknown };
  return String(url).replace(/^https?:\/\/[^/]+/, "");
}

/** A header of a request. */
export function headerOf(request: object, name: string): string | null {
  const { headers } = request as { headers: unknown };
  const { get } = headers as { get?: unknown };
  const value: unknown =
    typeof get === "function"
      ? get.call(headers, name)
      : (headers as Readonly<Record<string, unknown>>)[name];
  return typeof value === "string" ? value : null;
}
