// Shows one picture large, above everything else. Escape, the button or a click closes it; the
// browser's own dialog gives the focus back to where it was.

import { byId } from "./element.ts";

/** The dialog around the large picture. */
export class Lightbox {
  readonly #dialog: HTMLDialogElement = byId("lightbox", HTMLDialogElement);
  readonly #image: HTMLImageElement = byId("lightbox-image", HTMLImageElement);

  /** Makes closing work. */
  listen(): void {
    this.#dialog.addEventListener("click", () => this.#dialog.close());
  }

  open(image: HTMLImageElement): void {
    this.#image.src = image.src;
    this.#image.alt = image.alt;
    this.#dialog.showModal();
  }
}
