// The message box: text, at most one picture, and what a person does with both. It hands over a
// finished message and knows nothing of how it travels. What is half-written stays with its room.

import type { PictureDraft } from "../shared/events.ts";
import { maxTextLength } from "../shared/limits.ts";
import { pictureTypes } from "../shared/picture-type.ts";
import { byId } from "./element.ts";
import { readPicture } from "./picture-draft.ts";

/** Whom the message box tells. */
export interface ComposerPort {
  onSend(text: string, picture: PictureDraft | undefined): void;
  /** The text changed to this. */
  onInput(text: string): void;
  /** Something about a picture has to be said. */
  onProblem(reason: string): void;
}

/** The message box. */
export class Composer {
  readonly #form: HTMLFormElement = byId("composer", HTMLFormElement);
  readonly #text: HTMLTextAreaElement = byId("message", HTMLTextAreaElement);
  readonly #file: HTMLInputElement = byId("picture-file", HTMLInputElement);
  readonly #pick: HTMLButtonElement = byId("picture-pick", HTMLButtonElement);
  readonly #preview: HTMLElement = byId("preview", HTMLElement);
  readonly #previewImage: HTMLImageElement = byId("preview-image", HTMLImageElement);
  readonly #previewRemove: HTMLButtonElement = byId("preview-remove", HTMLButtonElement);
  readonly #dropZone: HTMLElement = byId("conversation", HTMLElement);
  readonly #port: ComposerPort;
  readonly #unfinished: Map<string, string> = new Map();
  #room = "";
  #picture: PictureDraft | undefined;

  constructor(port: ComposerPort) {
    this.#port = port;
  }

  /** Makes the box work. */
  listen(): void {
    this.#text.maxLength = maxTextLength;
    this.#file.accept = pictureTypes.join(",");
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("keydown", (event) => {
      // While an input method composes a character, Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener("input", () => this.#port.onInput(this.#text.value));
    this.#pick.addEventListener("click", () => this.#file.click());
    this.#file.addEventListener("change", () => {
      void this.#take(this.#file.files?.[0]);
      this.#file.value = "";
    });
    this.#previewRemove.addEventListener("click", () => {
      this.#setPicture(undefined);
      this.focus();
    });
    this.#text.addEventListener("paste", (event) => {
      const file = event.clipboardData?.files[0];
      if (file === undefined) return;
      event.preventDefault();
      void this.#take(file);
    });
    this.#listenForDrops();
  }

  /** The person is in this room now: what was half-written there comes back. */
  showRoom(name: string): void {
    this.#unfinished.set(this.#room, this.#text.value);
    this.#room = name;
    this.#text.value = this.#unfinished.get(name) ?? "";
    this.#text.placeholder = `Message #${name}`;
    this.#text.disabled = false;
  }

  focus(): void {
    this.#text.focus();
  }

  #send(): void {
    const text = this.#text.value.trim();
    if (this.#text.disabled || (text === "" && this.#picture === undefined)) return;
    const picture = this.#picture;
    this.#text.value = "";
    this.#setPicture(undefined);
    this.#port.onSend(text, picture);
    this.focus();
  }

  async #take(file: Blob | undefined): Promise<void> {
    if (file === undefined) return;
    const read = await readPicture(file);
    if (!read.ok) return this.#port.onProblem(read.reason);
    this.#setPicture(read.picture);
    this.focus();
  }

  #setPicture(picture: PictureDraft | undefined): void {
    URL.revokeObjectURL(this.#previewImage.src);
    this.#picture = picture;
    this.#preview.hidden = picture === undefined;
    if (picture === undefined) this.#previewImage.removeAttribute("src");
    else {
      const copy = new Uint8Array(picture.bytes);
      this.#previewImage.src = URL.createObjectURL(new Blob([copy]));
    }
  }

  #listenForDrops(): void {
    const hasFiles = (event: DragEvent): boolean =>
      event.dataTransfer?.types.includes("Files") ?? false;
    this.#dropZone.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.#dropZone.classList.add("is-drop-target");
    });
    this.#dropZone.addEventListener("dragleave", (event) => {
      if (event.relatedTarget instanceof Node && this.#dropZone.contains(event.relatedTarget)) {
        return;
      }
      this.#dropZone.classList.remove("is-drop-target");
    });
    this.#dropZone.addEventListener("drop", (event) => {
      this.#dropZone.classList.remove("is-drop-target");
      if (!hasFiles(event)) return;
      event.preventDefault();
      void this.#take(event.dataTransfer?.files[0]);
    });
  }
}
