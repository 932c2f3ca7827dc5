// Which behaviour suites of packages/client run on the packed artefacts, and which features of an artefact they need.

import type { Artefact, Feature } from "./artefacts.ts";

/** A test file, as far as it matters where it can run. */
export interface Suite {
  /** The entry that it tests, when that is not the client itself. */
  readonly entry?: string;
  /** What every test of the suite needs. */
  readonly needs?: readonly Feature[];
  /** What single tests need besides, by their titles with those of the groups around them. */
  readonly except?: readonly Exception[];
}

interface Exception {
  readonly tests: RegExp;
  readonly needs: readonly Feature[];
}

const need = (feature: Feature, tests: RegExp): Exception => ({ tests, needs: [feature] });

/** The suites by their files in packages/client/src/node. */
export const SUITES: Readonly<Record<string, Suite>> = {
  "against-socket-io": {
    except: [
      need("Buffer", /binary goes both ways|large messages, text and binary/),
      need("JSON packets", /a blob between two events/),
      need("polling", /^over '?(polling|upgrade|base64)/),
    ],
  },
  "compat-acks": {
    except: [
      need("Buffer", /binary among them/),
      need("JSON packets", /ids count up/),
      need("rare members", /timeout holds for one event/),
    ],
  },
  "compat-emit": {
    except: [
      need("Buffer", /arrives? as Buffers/),
      need("JSON packets", /(values|binary) as the server receives/),
      need("polling", /over polling|while not connected|before disconnect still reaches/),
      need("rare members", /so do send, volatile, compress/),
    ],
  },
  "compat-engine": {
    needs: ["polling", "JSON packets"],
    except: [
      need("Buffer", /before, during and after|binaryType nodebuffer/),
      need("polling at once", /before, during and after .*polling/),
    ],
  },
  "compat-engine-package": {
    entry: "./engine",
    except: [need("Buffer", /say hello both ways|binaryType nodebuffer/)],
  },
  "compat-hooks": { except: [need("rare members", /emit of the Manager's class|_reconnecting/)] },
  "compat-io": {
    except: [
      need("a page", /^addresses in a page/),
      need("names of transports", /every name of socket.io-client/),
      need("polling at once", /where requests to .* go/),
      need("rare options", /longer than 8000|goes before .*host: 'x/),
    ],
  },
  "compat-listeners": {
    except: [
      need("Buffer", /onAny hears every event/),
      need("rare members", /outgoing|prependAny|of several instances/i),
    ],
  },
  "compat-manager": {
    except: [need("polling", /reads opts anew/), need("a whole session", /closed, opening, open/)],
  },
  "compat-node-options": { needs: ["Node options"] },
  "compat-reasons": {
    except: [
      need(
        "polling",
        /polling|of another kind|no handshake|no such transport|path is another|server forbids|has forgotten|nobody answers in time/,
      ),
      need("JSON packets", /Socket\.IO 2 answers|ping timeout/),
      need("a whole session", /over websocket .*(io client disconnect|closes the engine)/),
    ],
  },
  "compat-reconnecting": {
    except: [
      need("JSON packets", /^what is sent on joining/),
      need("a whole session", /all leave and one comes back/),
    ],
  },
  "compat-requests": {
    needs: ["polling", "JSON packets"],
    except: [
      need("Buffer", /base64 over WebSocket|transports > by class/),
      need("headers of a WebSocket", /^over websocket > .*(perMessageDeflate: false|origin)/),
      need("cookies", /^cookies/),
      need("names of transports", /class/),
      need("explained mistakes", /both ways of naming them/),
    ],
  },
  "compat-retries": { needs: ["retries"] },
  "compat-socket-state": {},
  "compat-user-code": {
    except: [
      need("polling", /lists no upgrades/),
      need("retries", /a parser in Socket\.IO's form/),
      need("rare members", /in a catch-all listener/),
    ],
  },
  "deprecated-events": { needs: ["a deprecation warning"] },
  "engine-io": {
    entry: "./engine",
    except: [need("Buffer", /from its beginning to its end|arrives as binaryType says/)],
  },
  "failure-details": {
    needs: ["polling"],
    except: [need("the status of a WebSocket", /(another path|allowRequest): websocket/)],
  },
  "io-reuse": {},
  "node-options": { needs: ["Node options"] },
  refusals: {
    except: [
      need("JSON packets", /falls silent/),
      need("polling", /polling|is no handshake|platform has|server forbids|has forgotten|given up/),
    ],
  },
  "same-as-socket-io-client": {
    except: [
      need("retries", /retries/),
      need("polling", /events of the engine|during the upgrade|then the client connects again/),
      need("JSON packets", /events of the engine/),
      need("rare members", /order on connect|what emit returns|once, off, any/),
    ],
  },
  status: {},
  "stale-connections": { needs: ["Node options"] },
  "web-transport": { entry: "./webtransport" },
  "websocket-only": { entry: "./websocket" },
};

/** Files that stay on the sources, with the reason. */
export const ON_SOURCES: Readonly<Record<string, string>> = {
  "cookie-jar": "tests a class that is no entry",
  "endless-answer": "reads a limit that is no entry",
  hints: "runs three entries beside each other",
  inspection: "runs two entries beside each other",
  mini: "runs two entries beside each other; the packed one has a test of its own",
  "no-address": "runs two entries beside each other",
  "race-node": "sets its limits by figures that are no entry",
  volatile: "runs four entries beside each other",
  "ws-writes": "counts the writes below the ws package",
};

/** The reasons for which an artefact is not up to these needs. */
export function missingFor(artefact: Artefact, needs: readonly Feature[] = []): string[] {
  return needs.flatMap((feature) => artefact.lacks[feature] ?? []);
}

/** Whether a suite is about something that the artefact carries. */
export const isAbout = ({ entry = "." }: Suite, artefact: Artefact): boolean =>
  artefact.suitesOf.includes(entry);

/** Whether a suite runs on an artefact. */
export const fits = (suite: Suite, artefact: Artefact): boolean =>
  isAbout(suite, artefact) && missingFor(artefact, suite.needs).length === 0;
