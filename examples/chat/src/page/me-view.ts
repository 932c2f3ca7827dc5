// Shows who this person is to the others, with a button to change the name.

import type { Person } from "../shared/events.ts";
import { avatar } from "./avatar.ts";
import { byId } from "./element.ts";

/** The card at the foot of the list of rooms. */
export class MeView {
  readonly #avatar: HTMLElement = byId("me-avatar", HTMLElement);
  readonly #name: HTMLElement = byId("me-name", HTMLElement);
  readonly #rename: HTMLButtonElement = byId("me-rename", HTMLButtonElement);
  readonly #onRename: () => void;

  constructor(onRename: () => void) {
    this.#onRename = onRename;
  }

  /** Makes the button work. */
  listen(): void {
    this.#rename.addEventListener("click", () => this.#onRename());
  }

  show(me: Person): void {
    this.#avatar.replaceChildren(avatar(me));
    this.#name.textContent = me.name;
    this.#rename.disabled = false;
  }
}
