// A side panel that slides in where the page is too narrow to show it beside the rest. On a wide
// page the style sheet shows the panel always, and the button not at all.

import { byId } from "./element.ts";

/** A panel and the button that opens it. */
export class Drawer {
  readonly #panel: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #shade: HTMLElement = byId("shade", HTMLElement);

  constructor(panelId: string, buttonId: string) {
    this.#panel = byId(panelId, HTMLElement);
    this.#button = byId(buttonId, HTMLButtonElement);
  }

  /** Makes the button, the Escape key and a click beside the panel work. */
  listen(): void {
    this.#button.addEventListener("click", () => this.#set("open"));
    this.#shade.addEventListener("click", () => this.close());
    for (const close of this.#panel.querySelectorAll("[data-close]")) {
      close.addEventListener("click", () => this.close());
    }
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /** Closes the panel if it is open, and gives the focus back to the button. */
  close(): void {
    if (!this.#panel.classList.contains("is-open")) return;
    this.#set("closed");
    this.#button.focus();
  }

  #set(state: "open" | "closed"): void {
    const isOpen = state === "open";
    this.#panel.classList.toggle("is-open", isOpen);
    this.#shade.classList.toggle("is-open", isOpen);
    this.#button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.#panel.focus();
  }
}
