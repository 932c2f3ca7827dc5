// The programs that end-to-end tests drive, what brings them on Debian, and where to find them.
// Installs nothing.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * @typedef {object} Program
 * @property {string} name as people say it
 * @property {string} variable environment variable that may hold the path of its binary
 * @property {string[]} binaries names to look for on PATH, the first found wins
 * @property {string[]} debian Debian packages that bring it
 */

/**
 * Xvfb is the screen of WebKit, whose driver has no windowless mode.
 * @satisfies {Record<string, Program>}
 */
export const programs = {
  chromium: {
    name: "Chromium",
    variable: "CHROMIUM_PATH",
    binaries: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"],
    debian: ["chromium"],
  },
  firefox: {
    name: "Firefox",
    variable: "FIREFOX_PATH",
    binaries: ["firefox-esr", "firefox"],
    debian: ["firefox-esr"],
  },
  webkit: {
    name: "WebKit's driver",
    variable: "WEBKIT_DRIVER_PATH",
    binaries: ["WebKitWebDriver"],
    debian: ["webkit2gtk-driver"],
  },
  xvfb: {
    name: "Xvfb",
    variable: "XVFB_PATH",
    binaries: ["Xvfb"],
    debian: ["xvfb"],
  },
};

/** Flags with which a browser neither shows windows nor talks to its makers while it is measured or tested. */
export const quietFlags = {
  chromium: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
  /** @type {string[]} */
  firefox: [],
};

/**
 * Path of a program's binary, or undefined when this machine has none. The variable wins over PATH.
 * @param {Program} program
 * @returns {string | undefined}
 */
export function findProgram({ variable, binaries }) {
  const named = process.env[variable];
  if (named !== undefined && named !== "") return isExecutable(named) ? named : undefined;
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return binaries
    .flatMap((binary) => folders.map((folder) => join(folder, binary)))
    .find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
