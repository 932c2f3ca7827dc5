// Asks for a name: once at the start, when there is no way round it, and later to change it.

import { maxNameLength } from "../shared/limits.ts";
import { personNameFrom } from "../shared/names.ts";
import { byId } from "./element.ts";

/** The dialog. It hands over a tidied name; the owner says whether the server liked it. */
export class NameDialog {
  readonly #dialog: HTMLDialogElement = byId("name-dialog", HTMLDialogElement);
  readonly #form: HTMLFormElement = byId("name-form", HTMLFormElement);
  readonly #input: HTMLInputElement = byId("name-input", HTMLInputElement);
  readonly #problem: HTMLElement = byId("name-problem", HTMLElement);
  readonly #submit: HTMLElement = byId("name-submit", HTMLElement);
  readonly #cancel: HTMLButtonElement = byId("name-cancel", HTMLButtonElement);
  readonly #onName: (name: string) => void;

  constructor(onName: (name: string) => void) {
    this.#onName = onName;
  }

  /** Makes the dialog work. */
  listen(): void {
    this.#input.maxLength = maxNameLength;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const name = personNameFrom(this.#input.value);
      if (name === undefined) return this.complain(`A name has 1 to ${maxNameLength} characters.`);
      this.#onName(name);
    });
    this.#input.addEventListener("input", () => this.complain(""));
    this.#cancel.addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("cancel", (event) => {
      if (this.#cancel.hidden) event.preventDefault();
    });
  }

  /** @param need `"must"` when nothing works without a name, `"may"` when it can be cancelled. */
  open(name: string | undefined, need: "must" | "may"): void {
    this.#cancel.hidden = need === "must";
    this.#submit.textContent = need === "must" ? "Join the chat" : "Use this name";
    this.#input.value = name ?? "";
    this.complain("");
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#input.select();
  }

  close(): void {
    if (this.#dialog.open) this.#dialog.close();
  }

  /** Says what is wrong with the name. */
  complain(reason: string): void {
    this.#problem.textContent = reason;
    this.#input.setAttribute("aria-invalid", String(reason !== ""));
  }
}
