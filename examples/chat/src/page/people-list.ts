// Who is online, those in the room on show first.

import type { OnlinePerson, Person } from "../shared/events.ts";
import { avatar } from "./avatar.ts";
import { byId, element } from "./element.ts";

/** The lists of people and the count above them. */
export class PeopleList {
  readonly #here: HTMLElement = byId("people-here", HTMLElement);
  readonly #hereTitle: HTMLElement = byId("people-here-title", HTMLElement);
  readonly #elsewhere: HTMLElement = byId("people-elsewhere", HTMLElement);
  readonly #elsewhereSection: HTMLElement = byId("people-elsewhere-section", HTMLElement);
  readonly #counts: readonly HTMLElement[] = [
    byId("people-count", HTMLElement),
    byId("people-count-short", HTMLElement),
  ];

  show(people: readonly OnlinePerson[], room: string, me: Person | undefined): void {
    const here = people.filter((person) => person.rooms.includes(room));
    const elsewhere = people.filter((person) => !person.rooms.includes(room));
    this.#here.replaceChildren(...here.map((person) => itemFor(person, me)));
    this.#elsewhere.replaceChildren(...elsewhere.map((person) => itemFor(person, me)));
    this.#elsewhereSection.hidden = elsewhere.length === 0;
    // Before one is in, nothing is known of who else is.
    const isKnown = me !== undefined;
    this.#hereTitle.hidden = !isKnown;
    for (const count of this.#counts) count.textContent = isKnown ? String(people.length) : "";
  }
}

function itemFor(person: OnlinePerson, me: Person | undefined): HTMLElement {
  const you = person.id === me?.id ? [element("span", { class: "you" }, ["you"])] : [];
  return element("li", { class: "person" }, [
    avatar(person),
    element("span", { class: "person-name" }, [person.name]),
    ...you,
  ]);
}
