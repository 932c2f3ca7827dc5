// Negotiation of the encoding of a response (RFC 9110, 12.5.3). Who compresses is the host.

/** A supported encoding. */
export type Encoding = "br" | "gzip" | "deflate";

/** The one of `offered` with the client's greatest weight; of equal weights the one that the client names first. */
export function acceptedEncoding<E extends Encoding>(
  header: string | undefined,
  offered: readonly E[],
): E | null {
  const named = (header ?? "").split(",").map(preferenceOf);
  const everything = named.find(({ name }) => name === "*");
  const ranked = offered.map((encoding, at) => {
    const own = named.findIndex(({ name }) => name === encoding);
    const { weight } = named[own] ?? everything ?? { weight: 0 };
    return { encoding, weight, at: own === -1 ? named.length + at : own };
  });
  ranked.sort((a, b) => b.weight - a.weight || a.at - b.at);
  return ranked.find(({ weight }) => weight > 0)?.encoding ?? null;
}

function preferenceOf(part: string): { readonly name: string; readonly weight: number } {
  const [name = "", ...parameters] = part.toLowerCase().split(";");
  const weights = parameters.map((each) => each.trim()).filter((each) => each.startsWith("q="));
  // An invalid weight is ignored.
  const weight = weights.length === 0 ? 1 : Number.parseFloat(weights[0]?.slice(2) ?? "") || 0;
  return { name: name.trim(), weight };
}
