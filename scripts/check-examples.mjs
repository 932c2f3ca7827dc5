// Fails when a member that users see has no documentation, or when a method has no `@example`. Methods,
// and getters that chain, need an example; other properties a sentence. The faces are those of public-faces.mjs.

import { documentedMembersOf } from "./documented-members.mjs";
import { FACES } from "./public-faces.mjs";
import { read } from "./repository.mjs";
import { runAsStep } from "./step.mjs";

const SUBJECTS = {
  Server: ["io", "namespace", "socket", "operator", "remote"],
  Client: ["manager", "socket"],
};
/** What is not among the faces, because Socket.IO's documentation does not list its members. */
const OTHERS = [
  "packages/client/src/typed/io.ts#Io",
  "packages/client/src/engine-io/socket.ts#BaseSession",
  "packages/client/src/engine-io/socket.ts#EngineSession",
  "packages/client/src/engine-io/socket.ts#EngineSocket",
];

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

/** The interfaces that the faces are made of, each once. */
function interfaces() {
  const names = FACES.filter(({ section, subject }) =>
    (SUBJECTS[/** @type {keyof typeof SUBJECTS} */ (section)] ?? []).includes(subject),
  )
    .flatMap(({ declared }) => Object.entries(declared))
    .flatMap(([file, list]) => list.map((name) => `${file}#${name}`));
  return [...new Set([...names, ...OTHERS])].map((entry) => entry.split("#"));
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
