// The list of messages on the page. Keeps the elements that stay, so that nothing flickers and a
// screen reader hears only what is new; follows the newest message unless the person scrolled up.

import { byId } from "./element.ts";
import { elementOf, type RowPort, update } from "./message-view.ts";
import type { Row } from "./rows.ts";

const nearEndPx = 80;

/** The log and the button that leads to its end. */
export class MessageLog {
  readonly #scroller: HTMLElement = byId("log", HTMLElement);
  /** Around the list: a list with the role of a log would be no list. */
  readonly #announced: HTMLElement = byId("announced", HTMLElement);
  readonly #list: HTMLElement = byId("messages", HTMLElement);
  readonly #empty: HTMLElement = byId("empty", HTMLElement);
  readonly #toEnd: HTMLButtonElement = byId("to-end", HTMLButtonElement);
  readonly #port: RowPort;
  #elements: ReadonlyMap<string, HTMLElement> = new Map();
  #isAtEnd = true;

  constructor(port: RowPort) {
    this.#port = port;
  }

  /** Makes scrolling and the button work. */
  listen(): void {
    this.#scroller.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < nearEndPx;
      if (this.#isAtEnd) this.#toEnd.hidden = true;
    });
    this.#toEnd.addEventListener("click", () => this.#scrollToEnd());
    // A phone's keyboard and a growing message box change the height: stay at the end then.
    new ResizeObserver(() => {
      if (this.#isAtEnd) this.#scrollToEnd();
    }).observe(this.#scroller);
  }

  /**
   * Shows these rows.
   * @param news `"history"` is shown silently and from its end; `"live"` is announced.
   */
  show(rows: readonly Row[], news: "history" | "live"): void {
    this.#announced.setAttribute("aria-live", news === "live" ? "polite" : "off");
    const before = this.#elements.size;
    this.#reconcile(rows);
    this.#empty.hidden = rows.length > 0;
    const last = rows.at(-1);
    const wroteIt = last?.kind === "message" && last.isMine && last.state === "sending";
    if (this.#isAtEnd || news === "history" || wroteIt) this.#scrollToEnd();
    else if (this.#elements.size > before) this.#toEnd.hidden = false;
  }

  #reconcile(rows: readonly Row[]): void {
    const elements = new Map<string, HTMLElement>();
    let cursor = this.#list.firstElementChild;
    for (const row of rows) {
      const item = this.#elements.get(row.key) ?? elementOf(row, this.#port);
      if (row.kind === "message") update(item, row);
      elements.set(row.key, item);
      if (item === cursor) cursor = cursor.nextElementSibling;
      else this.#list.insertBefore(item, cursor);
    }
    for (const [key, item] of this.#elements) if (!elements.has(key)) item.remove();
    this.#elements = elements;
  }

  #scrollToEnd(): void {
    this.#isAtEnd = true;
    this.#toEnd.hidden = true;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}
