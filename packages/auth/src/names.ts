// Rules by the names of events and rooms.

/** Looks up what is declared for a name: itself, or the longest beginning, written with `*` at its end. */
export class NamedRules<Rule> {
  readonly #exact = new Map<string, Rule>();
  /** Longest first. */
  readonly #beginnings: (readonly [beginning: string, rule: Rule])[];

  constructor(rules: Readonly<Record<string, Rule>>) {
    const beginnings: [string, Rule][] = [];
    for (const [name, rule] of Object.entries(rules)) {
      if (name.endsWith("*")) beginnings.push([name.slice(0, -1), rule]);
      else this.#exact.set(name, rule);
    }
    this.#beginnings = beginnings.sort(([one], [other]) => other.length - one.length);
  }

  of(name: string): Rule | undefined {
    const exact = this.#exact.get(name);
    if (exact !== undefined) return exact;
    return this.#beginnings.find(([beginning]) => name.startsWith(beginning))?.[1];
  }
}
