// Where messages send their readers.

import { expect, test } from "vitest";
import { HELP_PAGE, withHelp } from "./help.ts";

test("HN1 a hint ends with its code, and with the place of the page that has more", () => {
  expect(withHelp("start the server", "HINT_REFUSED")).toBe(
    `start the server (HINT_REFUSED, see ${HELP_PAGE}#hint_refused)`,
  );
});
