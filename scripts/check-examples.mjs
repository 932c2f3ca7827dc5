// Fails when a member that users of the server see has no documentation, or when a method has no `@example`. Methods,
// and getters that chain, need an example; other properties a sentence. The faces are those of public-faces.mjs.

import { documentedMembersOf } from "./documented-members.mjs";
import { FACES } from "./public-faces.mjs";
import { read } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const SUBJECTS = new Set(["io", "namespace", "socket", "operator", "remote"]);

/**
 * The complaints about one interface, and how many members it has.
 * @param {string} where the file and the name of the interface, for the complaints
 * @param {import("./documented-members.mjs").Documented[]} members
 * @returns {string[]}
 */
export function examplesMissing(where, members) {
  return members.flatMap(({ name, isCalled, text }) => {
    if (text === undefined || !/\w/.test(text)) return [`${where}.${name} has no documentation`];
    return isCalled && !/@example\s+\S/.test(text) ? [`${where}.${name} has no @example`] : [];
  });
}

/** The interfaces that the faces of the server are made of, each once. */
function interfaces() {
  const names = FACES.filter(
    ({ section, subject }) => section === "Server" && SUBJECTS.has(subject),
  )
    .flatMap(({ declared }) => Object.entries(declared))
    .flatMap(([file, list]) => list.map((name) => `${file}#${name}`));
  return [...new Set(names)].map((entry) => entry.split("#"));
}

await runAsStep(import.meta.url, () => {
  let count = 0;
  const problems = interfaces().flatMap(([file = "", name = ""]) => {
    const members = documentedMembersOf(read(file), name);
    count += members.length;
    return examplesMissing(`${file}: ${name}`, members);
  });
  return { problems, summary: `${count} members in ${interfaces().length} interfaces` };
});
