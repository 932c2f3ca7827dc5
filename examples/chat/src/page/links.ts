// Finds addresses in what people write. It gives pieces of text, and knows no elements: markup cannot come from it.

/** A piece of a text: as it is, or with the address that it leads to. */
export interface Piece {
  readonly text: string;
  readonly href?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/gi;
/** What ends a sentence and not an address. */
const AFTER = /[.,:;!?…)\]}*_»”’]+$/;

/** The same text in pieces. Only `http` and `https` are addresses: others can run programs. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = withoutEnding(found);
    if (!URL.canParse(address)) continue;
    if (index > end) pieces.push({ text: text.slice(end, index) });
    pieces.push({ text: address, href: new URL(address).href });
    end = index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** An address without the punctuation of its sentence; a parenthesis that it opens itself stays. */
function withoutEnding(address: string): string {
  const bare = address.replace(AFTER, "");
  const isOpen = bare.split("(").length > bare.split(")").length;
  return isOpen && address[bare.length] === ")" ? `${bare})` : bare;
}
