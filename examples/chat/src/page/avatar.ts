// A person's colour and initials. The same id gives the same colour on every page, for all time.

import type { Person } from "../shared/events.ts";
import { element } from "./element.ts";

/** A round picture of the person's initials, for the eye only: the name stands beside it. */
export function avatar(person: Person): HTMLElement {
  const made = element("span", { class: "avatar", "aria-hidden": "true" }, [
    initialsOf(person.name),
  ]);
  tint(made, person);
  return made;
}

/** Gives the element the person's hue; the style sheet makes colours of it that can be read. */
export function tint(target: HTMLElement, person: Person): void {
  target.style.setProperty("--hue", String(hueOf(person.id)));
}

function initialsOf(name: string): string {
  const words = name.split(/[\s_-]+/).filter((word) => word !== "");
  const first = Array.from(words[0] ?? "?")[0] ?? "?";
  const last = words.length > 1 ? (Array.from(words.at(-1) ?? "")[0] ?? "") : "";
  return (first + last).toUpperCase();
}

// FNV-1a, then the golden angle: neighbouring hashes come out far apart on the colour wheel.
function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const character of id) {
    hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  }
  return Math.round((hash % 1000) * 137.508) % 360;
}
