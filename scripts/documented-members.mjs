// Reads the documentation of the members of an interface from its source. Reads text, so it wants the form in which
// this repository writes interfaces. Knows no member by name.

/**
 * `isCalled`: a method, or a getter that returns something to go on with.
 * @typedef {{ name: string, isCalled: boolean, text: string | undefined }} Documented
 */

const DOC = "(?:  /\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n)?";
const REMARKS = "(?:  //[^\\n]*\\n)*";
const MEMBER = new RegExp(
  `^${DOC}${REMARKS}  (?:readonly )?([A-Za-z]\\w*)\\??([(<]|: *(?:this|BroadcastOperator)\\b|:)`,
  "gm",
);

/**
 * The members of an interface in the order of the source; each overload is one.
 * @param {string} source
 * @param {string} name of the interface
 * @returns {Documented[]}
 * @throws Error when there is no such interface
 */
export function documentedMembersOf(source, name) {
  const start = source.search(new RegExp(`^(?:export )?interface ${name}\\b`, "m"));
  if (start < 0) throw new Error(`no interface ${name}`);
  const whole = source.slice(start, source.indexOf("\n}", start) + 1);
  const body = whole.slice(whole.search(/\{$/m) + 2);
  return [...body.matchAll(MEMBER)].map(([, text, member = "", follows = ""]) => ({
    name: member,
    isCalled: follows !== ":",
    text,
  }));
}
