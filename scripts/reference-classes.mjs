// The reference pages of what applications hold: every member of server, namespace, socket, broadcast and client with its
// declaration, parameters, errors and examples, and every event. Which interfaces make a class is in public-faces.mjs.

import { FACES } from "./public-faces.mjs";
import { membersOf } from "./reference-members.mjs";
import { read } from "./repository.mjs";

/** @typedef {import("./reference-members.mjs").Member} Member */
/** @typedef {{ title: string, file: string, interface: string }} Events */

const CORE = "packages/core/src/typed";
const CLIENT = "packages/client/src/typed";
const NAMESPACE_EVENTS = {
  title: "Events",
  file: `${CORE}/faces.ts`,
  interface: "NamespaceReservedEvents",
};

/**
 * One page each: what it is called, what stands at its head, where its members are, which events it has.
 * @type {{ file: string, title: string, head: string, section: string, subject: string, events: Events[] }[]}
 */
const PAGES = [
  {
    file: "server",
    title: "Server",
    head: "What `new Server(…)` makes. Methods that send, select or listen are those of its main namespace, `/`. Options: [all](../options.md).",
    section: "Server",
    subject: "io",
    events: [
      NAMESPACE_EVENTS,
      {
        title: "Events of the server alone",
        file: `${CORE}/faces.ts`,
        interface: "ServerReservedEvents",
      },
    ],
  },
  {
    file: "namespace",
    title: "Namespace",
    head: "What `io.of(name)` gives. The guide: [namespaces](../../site/guides/namespaces.md).",
    section: "Server",
    subject: "namespace",
    events: [NAMESPACE_EVENTS],
  },
  {
    file: "socket",
    title: "Socket, on the server",
    head: "One client in one namespace: what listeners of `connection` get.",
    section: "Server",
    subject: "socket",
    events: [
      { title: "Events", file: `${CORE}/reserved-events.ts`, interface: "SocketReservedEvents" },
    ],
  },
  {
    file: "broadcast-operator",
    title: "BroadcastOperator",
    head: "What `io.to(…)`, `socket.broadcast` and the like give: who is meant, and how it is sent. Immutable: each method gives a new one.",
    section: "Server",
    subject: "operator",
    events: [],
  },
  {
    file: "remote-socket",
    title: "RemoteSocket",
    head: "What `fetchSockets()` gives: a socket that may be on another server of the cluster.",
    section: "Server",
    subject: "remote",
    events: [],
  },
  {
    file: "client-socket",
    title: "Socket, on the client",
    head: "What `io(…)` of `@sockeye/client` gives. Options: [all](../options.md).",
    section: "Client",
    subject: "socket",
    events: [
      { title: "Events", file: `${CLIENT}/reserved-events.ts`, interface: "SocketReservedEvents" },
    ],
  },
  {
    file: "client-manager",
    title: "Manager, on the client",
    head: "One connection, kept up, and the sockets that share it: `socket.io`.",
    section: "Client",
    subject: "manager",
    events: [
      { title: "Events", file: `${CLIENT}/reserved-events.ts`, interface: "ManagerReservedEvents" },
    ],
  },
];

/** `io` is a function and no face with members that Socket.IO's documentation lists. */
const IO = {
  file: "client-io",
  title: "io, on the client",
  head: 'The function that a page or program begins with: `import { io } from "@sockeye/client"`. Options: [all](../options.md).',
};

/** @param {Member} member */
function described(member) {
  const { declaration, examples, params, returns, text, throws } = member;
  const lines = [
    ...params.map(({ name, text }) => `- \`${name}\`: ${text}`),
    ...(returns === "" ? [] : [`- Returns ${returns}`]),
    ...throws.map((each) => `- Throws ${each}`),
  ];
  return [
    "```ts",
    declaration,
    "```",
    "",
    text,
    ...(lines.length > 0 ? ["", ...lines] : []),
    ...examples.flatMap((example) => ["", "```ts", example, "```"]),
    "",
  ].join("\n");
}

/** @param {Member[]} members overloads stand under one heading */
function memberSections(members) {
  const names = [...new Set(members.map(({ name }) => name))].sort((a, b) =>
    a.toLowerCase() < b.toLowerCase() ? -1 : 1,
  );
  return names.map((name) => {
    const all = members.filter((each) => each.name === name);
    return `### ${name}\n\n${unique(all.map(described)).join("\n")}`;
  });
}

/** @param {string[]} texts */
const unique = (texts) => [...new Set(texts)];

/** @param {Events} events */
function eventSection({ title, file, interface: name }) {
  const members = membersOf(read(file), name);
  const parts = members.map((member) => `### ${member.name}\n\n${described(member)}`);
  return `## ${title}\n\n${parts.join("\n")}`;
}

/** Where the events of the pages are declared: files and interfaces, each once. */
export const eventSources = () => [
  ...new Map(
    PAGES.flatMap(({ events }) => events).map((events) => [
      `${events.file}#${events.interface}`,
      events,
    ]),
  ).values(),
];

/** @param {string} section @param {string} subject */
function facesOf(section, subject) {
  const face = FACES.find((each) => each.section === section && each.subject === subject);
  if (face === undefined) throw new Error(`there is no face ${section} ${subject}`);
  return Object.entries(face.declared).flatMap(([file, names]) =>
    names.flatMap((name) => membersOf(read(file), name)),
  );
}

/**
 * The pages, by their paths.
 * @param {string} note that they are made
 * @returns {Record<string, string>}
 */
export function classPages(note) {
  const pages = PAGES.map(({ file, title, head, section, subject, events }) => {
    const members = facesOf(section, subject);
    const body = [
      `## Members\n\n${memberSections(members).join("\n")}`,
      ...events.map(eventSection),
    ];
    return [path(file), `# ${title}\n\n${note}\n${head}\n\n${body.join("\n")}`];
  });
  const io = membersOf(read(`${CLIENT}/io.ts`), "Io").map((member) =>
    member.name === "Io" ? { ...member, name: "io()" } : member,
  );
  const ioPage = `# ${IO.title}\n\n${note}\n${IO.head}\n\n## Members\n\n${memberSections(io).join("\n")}`;
  return { ...Object.fromEntries(pages), [path(IO.file)]: ioPage };
}

/** @param {string} file */
const path = (file) => `docs/reference/api/${file}.md`;
