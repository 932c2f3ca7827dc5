// Which pages stand where in the navigation. A test fails when a page of the site is in no group.

/** @typedef {{ text: string, link: string }} Page */

/** @param {string} text @param {string} link @returns {Page} */
const page = (text, link) => ({ text, link });

/** @param {string} text @param {Page[]} items @param {boolean} [collapsed] */
const group = (text, items, collapsed = true) => ({ text, collapsed, items });

export const nav = [
  page("Start", "/start"),
  page("Tutorial", "/tutorial/"),
  page("Guides", "/guides/events"),
  page("Deploy", "/deploy/"),
  page("API", "/reference/api/server"),
  page("Troubleshooting", "/troubleshooting"),
];

export const sidebar = [
  group(
    "Begin",
    [
      page("A chat in five minutes", "/start"),
      page("Install", "/guides/install"),
      page("Cheat sheet", "/cheat-sheet"),
      page("Questions", "/faq"),
    ],
    false,
  ),
  group("Tutorial", [
    page("Overview", "/tutorial/"),
    page("1. A page", "/tutorial/1-page"),
    page("2. A connection", "/tutorial/2-connect"),
    page("3. Messages", "/tutorial/3-messages"),
    page("4. Names and answers", "/tutorial/4-names"),
    page("5. Rooms", "/tutorial/5-rooms"),
    page("6. Lost connections", "/tutorial/6-lost-connections"),
    page("7. A test", "/tutorial/7-test"),
  ]),
  group(
    "Essentials",
    [
      page("Events", "/guides/events"),
      page("Acknowledgements and delivery", "/guides/acknowledgements"),
      page("Rooms and broadcasting", "/guides/rooms"),
      page("Namespaces", "/guides/namespaces"),
      page("Middleware", "/guides/middleware"),
      page("TypeScript", "/guides/typescript"),
      page("Binary data", "/guides/binary"),
      page("Connections, reconnection, recovery", "/guides/connection"),
      page("Errors", "/guides/errors"),
    ],
    false,
  ),
  group("Who may do what", [
    page("Authentication", "/guides/authentication"),
    page("Authorisation", "/guides/authorisation"),
    page("Contracts", "/guides/contracts"),
    page("Security", "/security"),
  ]),
  group("Delivery", [
    page("What is promised", "/guarantees"),
    page("The outbox: offline", "/outbox"),
    page("Hidden, asleep, offline", "/background"),
    page("Replay without sessions", "/guides/replay"),
    page("Back-pressure", "/guides/back-pressure"),
    page("Relays", "/guides/relay"),
    page("Presence", "/guides/presence"),
  ]),
  group("Your application", [
    page("Testing", "/guides/testing"),
    page("Logging and debugging", "/diagnostics"),
    page("When user code fails", "/user-code"),
    page("Performance", "/performance"),
    page("Sizes and entries of the client", "/entries"),
    page("WebTransport", "/guides/webtransport"),
  ]),
  group("Frameworks and runtimes", [
    page("Overview", "/frameworks/"),
    page("Server frameworks", "/frameworks/server"),
    page("Page frameworks", "/frameworks/browser"),
    page("Hosts: Node, Bun, Deno …", "/hosts"),
    page("What ran on which host", "/hosts-matrix"),
  ]),
  group("In production", [
    page("Overview", "/deploy/"),
    page("nginx, HAProxy, Caddy", "/deploy/proxies"),
    page("Docker and Compose", "/deploy/docker"),
    page("Kubernetes", "/deploy/kubernetes"),
    page("systemd", "/deploy/systemd"),
    page("PM2", "/deploy/pm2"),
    page("What a balancer must do", "/deployment"),
    page("Several servers", "/scaling"),
    page("Draining", "/guides/draining"),
    page("Moving connections", "/guides/moving-connections"),
  ]),
  group("Coming from", [
    page("Socket.IO 2, 3, 4", "/guides/migration"),
    page("ws", "/guides/from-ws"),
    page("Packages for Socket.IO", "/guides/drop-in"),
    page("Compatibility", "/compatibility"),
    page("The compatibility matrix", "/compatibility-matrix"),
    page("Sockeye and others", "/comparison"),
  ]),
  group("Reference", [
    page("Server", "/reference/api/server"),
    page("Namespace", "/reference/api/namespace"),
    page("Socket, on the server", "/reference/api/socket"),
    page("BroadcastOperator", "/reference/api/broadcast-operator"),
    page("RemoteSocket", "/reference/api/remote-socket"),
    page("io, on the client", "/reference/api/client-io"),
    page("Socket, on the client", "/reference/api/client-socket"),
    page("Manager, on the client", "/reference/api/client-manager"),
    page("Options", "/reference/options"),
    page("Errors", "/reference/errors"),
    page("Reasons", "/reference/reasons"),
    page("Diagnostics points", "/reference/diagnostics"),
    page("Troubleshooting", "/troubleshooting"),
    page("Glossary", "/glossary"),
  ]),
  group("How it is made", [
    page("Architecture", "/architecture"),
    page("The simulator", "/guides/simulator"),
    page("Releasing", "/releasing"),
    page("Rules: protocol", "/spec/protocol"),
    page("Rules: connections", "/spec/engine"),
    page("Rules: the HTTP side", "/spec/engine-server"),
    page("Rules: sockets", "/spec/socket"),
    page("Rules: client", "/spec/client"),
    page("Rules: recovery", "/spec/recovery"),
    page("Rules: several servers", "/spec/cluster"),
    page("Rules: adapters", "/spec/adapters"),
    page("Rules: back-pressure", "/spec/back-pressure"),
    page("Rules: draining", "/spec/draining"),
    page("Rules: moving", "/spec/moving"),
    page("Rules: presence", "/spec/presence"),
    page("Rules: hints", "/spec/hints"),
    page("Rules: older clients", "/spec/legacy"),
    page("Rules: Node", "/spec/node-host"),
    page("Rules: the simulator", "/spec/simulator"),
  ]),
];
