// What a page is told of its mistakes by the readable builds: as a script, and as modules that a bundler has put together.
import { expect } from "vitest";
import type { Scenario } from "../bench.ts";

const HELP_PAGE = "docs/site/troubleshooting.md";

/** What is said of one mistake, and under which code. */
type Hint = readonly [code: string | undefined, text: string | undefined];

/** Begins with these words, and ends as every hint does. */
function hint(code: string, words: string): Hint {
  const end = `\\(${code}, see ${HELP_PAGE}#${code.toLowerCase()}\\)`;
  return [code, expect.stringMatching(new RegExp(`^${words}.*${end}$`, "s"))];
}

/** Scenarios. */
export const hints: readonly Scenario[] = (["readable", "debug"] as const).map(
  (page): Scenario => ({
    title: `HN4, HN5, HN6, HN7, HN12 of the ${page} build name causes by their codes`,
    async run(bench) {
      const gone = await bench.site();
      const site = await bench.site({ maxHttpBufferSize: 1000 });
      const tab = await bench.open(site, { page });
      await gone.stop();
      const told = await tab.run(async ({ io }, address) => {
        type Mistake = Error & { code?: string; hint?: string; hintCode?: string };
        const start = (options: object, uri?: string) =>
          io(uri, { forceNew: true, reconnection: false, ...options });
        const failure = async (options: object, uri?: string) => {
          const socket = start(options, uri);
          const error = await new Promise<Mistake>((resolve) => {
            socket.on("connect_error", resolve);
          });
          socket.disconnect();
          return [error.hintCode, error.hint] as const;
        };
        const printed: string[] = [];
        const { warn } = console;
        console.warn = (text: string) => void printed.push(text);
        const misspelled = start({ reconectionDelay: 5, autoConnect: false });
        console.warn = warn;
        const lost = async () => {
          const socket = start({ transports: ["websocket"] });
          const details = await new Promise<Mistake>((resolve) => {
            socket.on("disconnect", (_reason, more) => resolve(more as unknown as Mistake));
            socket.emit("long", "x".repeat(2000));
          });
          return [details.hintCode, details.hint] as const;
        };
        const nameless = () => {
          try {
            misspelled.emit(undefined as unknown as string);
            return [undefined, undefined] as const;
          } catch (error) {
            return [(error as Mistake).code, (error as Mistake).message] as const;
          }
        };
        return {
          down: await failure({ transports: ["polling"] }, address),
          page: await failure({ transports: ["polling"], path: "/script.html" }),
          namespace: await failure({}, "/nowhere"),
          lost: await lost(),
          nameless: nameless(),
          printed,
        };
      }, gone.origin);
      expect(told).toEqual({
        down: hint("HINT_NO_ANSWER", "no answer to polling: is the server up"),
        page: hint("HINT_NOT_SOCKET_IO", "no answer of Socket.IO: .*<!doctype html>"),
        namespace: hint("HINT_NAMESPACE", 'the server has no namespace "/nowhere"'),
        lost: hint("HINT_TOO_LARGE", "the server closes .*above its maxHttpBufferSize \\(.*1000"),
        nameless: hint("ERR_EVENT_NAME", "an event needs a name"),
        printed: [hint("HINT_OPTION_NAME", '"reconectionDelay" is not an option')[1]],
      });
    },
  }),
);
