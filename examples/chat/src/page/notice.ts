// A short notice about something that went wrong. It goes away by itself; a screen reader reads it
// at once.

import { byId } from "./element.ts";

const shownMs = 7000;

/** One notice at a time: a new one replaces the old. */
export class Notice {
  readonly #box: HTMLElement = byId("notice", HTMLElement);
  #timer = 0;

  say(text: string): void {
    window.clearTimeout(this.#timer);
    this.#box.textContent = text;
    this.#timer = window.setTimeout(() => {
      this.#box.textContent = "";
    }, shownMs);
  }
}
