// The list of rooms with their unread counts, and the box that makes a new one. Rooms are links
// to `#name`: what the address says is what is shown, so back, forward and bookmarks just work.

import type { RoomSummary } from "../shared/events.ts";
import { maxRoomNameLength } from "../shared/limits.ts";
import { lobby, roomNameFrom } from "../shared/names.ts";
import { byId, element } from "./element.ts";
import type { Unread } from "./unread.ts";

/** The room the address names; the lobby when it names none. */
export function roomInAddress(): string {
  try {
    return roomNameFrom(decodeURIComponent(location.hash.slice(1))) ?? lobby;
  } catch {
    return lobby;
  }
}

/** Goes to a room by changing the address. */
export function goToRoom(name: string): void {
  location.hash = `#${encodeURIComponent(name)}`;
}

/** The list and the box. */
export class RoomList {
  readonly #list: HTMLElement = byId("rooms", HTMLElement);
  readonly #form: HTMLFormElement = byId("new-room", HTMLFormElement);
  readonly #input: HTMLInputElement = byId("new-room-name", HTMLInputElement);
  readonly #problem: HTMLElement = byId("new-room-problem", HTMLElement);
  readonly #open: HTMLElement = byId("rooms-open", HTMLElement);

  /** Makes the box work. */
  listen(): void {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#create();
    });
    this.#input.addEventListener("input", () => this.#complain(""));
  }

  /** Shows the rooms; the one on show is always among them. */
  show(rooms: readonly RoomSummary[], current: string, unread: Unread): void {
    const names = rooms.map((room) => room.name);
    if (!names.includes(current)) names.push(current);
    const inOrder = names.filter((name) => name !== lobby).sort((a, b) => a.localeCompare(b));
    const items = [lobby, ...inOrder].map((name) => itemFor(name, name === current, unread));
    const focused = this.#list.contains(document.activeElement)
      ? document.activeElement?.getAttribute("href")
      : undefined;
    this.#list.replaceChildren(...items);
    this.#open.classList.toggle("has-news", unread.total() > 0);
    this.#open.setAttribute(
      "aria-label",
      `Show the rooms${unread.total() > 0 ? ", some unread" : ""}`,
    );
    // Replacing the links must not take the focus away from a person on the keyboard.
    for (const link of this.#list.querySelectorAll("a")) {
      if (link.getAttribute("href") === focused) link.focus();
    }
  }

  #create(): void {
    const name = roomNameFrom(this.#input.value);
    if (name === undefined) {
      this.#complain(`Use 1 to ${maxRoomNameLength} letters, digits, dashes or underscores.`);
      return;
    }
    this.#input.value = "";
    this.#complain("");
    goToRoom(name);
  }

  #complain(text: string): void {
    this.#problem.textContent = text;
    this.#input.setAttribute("aria-invalid", String(text !== ""));
  }
}

function itemFor(name: string, isCurrent: boolean, unread: Unread): HTMLElement {
  const link = element("a", { href: `#${encodeURIComponent(name)}`, class: "room" }, [
    element("span", { class: "hash", "aria-hidden": "true" }, ["#"]),
    element("span", { class: "room-name" }, [name]),
  ]);
  if (isCurrent) link.setAttribute("aria-current", "page");
  const count = unread.in(name);
  if (count > 0) {
    link.append(
      element("span", { class: "badge" }, [
        count > 99 ? "99+" : String(count),
        element("span", { class: "visually-hidden" }, [" unread"]),
      ]),
    );
  }
  return element("li", {}, [link]);
}
