// A text area over a text of Yjs: what is typed becomes the smallest change, and what others type leaves the cursor where it was.

import type * as Y from "yjs";

/** The origin of changes that are typed here. */
const TYPED = "typed";

/** Makes of two versions what was taken out, and what was put in, at one place. */
export function changeBetween(
  before: string,
  after: string,
): { at: number; removed: number; added: string } {
  const most = Math.min(before.length, after.length);
  let at = 0;
  while (at < most && before[at] === after[at]) at += 1;
  let same = 0;
  while (same < most - at && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  const added = after.slice(at, after.length - same);
  return { at, removed: before.length - same - at, added };
}

/** Where a position is after a change of somebody else. */
export function moved(position: number, delta: Y.YTextEvent["delta"]): number {
  let at = 0;
  let result = position;
  for (const { retain = 0, insert = "", delete: removed = 0 } of delta) {
    at += retain;
    if (at >= result) break;
    if (typeof insert === "string") {
      result += insert.length;
      at += insert.length;
    }
    result -= Math.min(removed, result - at);
  }
  return result;
}

/** Keeps the area and the text the same. */
export function bind(area: HTMLTextAreaElement, text: Y.Text): void {
  area.addEventListener("input", () => {
    const { at, removed, added } = changeBetween(text.toString(), area.value);
    text.doc?.transact(() => {
      text.delete(at, removed);
      text.insert(at, added);
    }, TYPED);
  });
  text.observe(({ delta, transaction }) => {
    if (transaction.origin === TYPED) return;
    const { selectionStart, selectionEnd } = area;
    area.value = text.toString();
    area.setSelectionRange(moved(selectionStart, delta), moved(selectionEnd, delta));
  });
}
