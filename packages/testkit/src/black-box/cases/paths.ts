// Which requests are the server's, and which it leaves to others.

import { answerOf, handshakeHead, notHere, openPacket, pollAnswer } from "../answers.ts";
import { type Bench, WEBSOCKET } from "../bench.ts";
import type { BlackBoxCase, Chapter } from "../case.ts";

const QUERY = "EIO=4&transport=polling";
const opened = pollAnswer(openPacket(["websocket"]));

const get = (path: string) => async (bench: Bench) => answerOf(await bench.fetch({ path }));

/** Status and text alone: the other headers are the application's. */
const foreign = (path: string) => async (bench: Bench) => {
  const { status, text } = await bench.fetch({ path });
  return { status, body: text };
};

const cases: readonly BlackBoxCase[] = [
  {
    id: "prefix",
    title: "the path is a prefix",
    rules: ["NH9"],
    run: get(`/socket.io/anything?${QUERY}`),
    expected: opened,
  },
  {
    id: "no-slash",
    title: "without its trailing slash the path is not ours",
    rules: ["NH9"],
    run: foreign(`/socket.io?${QUERY}`),
    expected: notHere,
  },
  {
    id: "add-trailing-slash",
    title: "addTrailingSlash: false",
    rules: ["NH9"],
    options: { addTrailingSlash: false },
    run: get(`/socket.io?${QUERY}`),
    expected: opened,
  },
  {
    id: "other",
    title: "another path is left to the HTTP server",
    rules: ["NH8"],
    run: foreign(`/other/?${QUERY}`),
    expected: notHere,
  },
  {
    id: "longer",
    title: "a path that only begins like ours is left to the HTTP server",
    rules: ["NH9"],
    run: foreign(`/socket.iox/?${QUERY}`),
    expected: notHere,
  },
  {
    id: "deeper",
    title: "our path below another one is left to the HTTP server",
    rules: ["NH9"],
    run: foreign(`/other/socket.io/?${QUERY}`),
    expected: notHere,
  },
  {
    id: "own",
    title: "a path of one's own",
    rules: ["NH9"],
    options: { path: "/mine/" },
    run: get(`/mine/?${QUERY}`),
    expected: opened,
  },
  {
    id: "own-instead",
    title: "a path of one's own takes the place of the default",
    rules: ["NH9"],
    options: { path: "/mine" },
    run: foreign(`/socket.io/?${QUERY}`),
    expected: notHere,
  },
  {
    id: "own-websocket",
    title: "a path of one's own holds for WebSockets",
    rules: ["NH9"],
    options: { path: "/a/b" },
    run: async (bench) => (await bench.websocket("/a/b/?EIO=4&transport=websocket").text())[0],
    expected: "0",
  },
  {
    id: "websocket-prefix",
    title: "the path is a prefix for WebSockets too",
    rules: ["NH9"],
    run: async (bench) => (await bench.websocket(WEBSOCKET.replace("?", "more?")).text())[0],
    expected: "0",
  },
  {
    id: "foreign-upgrade",
    title: "an upgrade on a foreign path is cut after destroyUpgradeTimeout",
    rules: ["NH21"],
    needs: ["foreign upgrades"],
    options: { destroyUpgradeTimeout: 50 },
    run: (bench) => bench.transcript(handshakeHead("/other/")),
    expected: "",
  },
];

export const paths: Chapter = { feature: "paths", cases };
