// Addresses of clients as Node writes them, of a runtime that writes all digits of IPv6.

/** Before an IPv4 address on a port that takes both kinds. */
const MAPPED = "0000:0000:0000:0000:0000:ffff:";

/** `text`: an IPv4 address, or eight groups of four digits. */
export function shortAddress(text: string): string {
  if (!text.includes(":")) return text;
  if (text.startsWith(MAPPED)) return `::ffff:${dotted(text.slice(MAPPED.length))}`;
  const groups = text.split(":").map((group) => Number.parseInt(group, 16).toString(16));
  const { from, length } = longestZeros(groups);
  if (length < 2) return groups.join(":");
  return `${groups.slice(0, from).join(":")}::${groups.slice(from + length).join(":")}`;
}

function dotted(groups: string): string {
  const digits = groups.replace(":", "");
  return [0, 2, 4, 6].map((at) => Number.parseInt(digits.slice(at, at + 2), 16)).join(".");
}

function longestZeros(groups: readonly string[]): { from: number; length: number } {
  let longest = { from: 0, length: 0 };
  let from = 0;
  groups.forEach((group, index) => {
    if (group !== "0") from = index + 1;
    else if (index + 1 - from > longest.length) longest = { from, length: index + 1 - from };
  });
  return longest;
}
