// The layers as a picture: a package stands above all that it may import, and lines lead to those that no other of its
// imports leads to already.

import { layers } from "../layers.mjs";
import { box, LINE, picture } from "./svg.mjs";

const BOX = { width: 142, height: 34 };
const GAP = { x: 18, y: 56 };
const MARGIN = 30;

/** The folder of a package by its name. @param {string} name */
function folderOf(name) {
  const [, short = ""] = /^@sockeye\/([\w.-]+)/.exec(name) ?? [];
  return Object.keys(layers).find((folder) => folder.endsWith(`/${short}`)) ?? name;
}

/** @param {string} folder @returns {string[]} */
const importsOf = (folder) => [
  ...new Set((layers[folder]?.imports ?? []).map(folderOf).filter((each) => each !== folder)),
];

/** @param {string} folder @returns {number} */
const rankOf = (folder) => Math.max(0, ...importsOf(folder).map((each) => rankOf(each) + 1));

/** Whether one package leads to another over a third. @param {string} from @param {string} to @returns {boolean} */
const leads = (from, to) => importsOf(from).some((each) => each === to || leads(each, to));

export function layersPicture() {
  const folders = Object.keys(layers);
  const ranks = Math.max(...folders.map(rankOf)) + 1;
  const rows = Array.from({ length: ranks }, (_, rank) =>
    folders.filter((folder) => rankOf(folder) === rank),
  );
  const widest = Math.max(...rows.map((row) => row.length));
  const width = MARGIN * 2 + widest * (BOX.width + GAP.x) - GAP.x;
  const height = MARGIN * 2 + ranks * (BOX.height + GAP.y) - GAP.y;
  /** @type {Map<string, { x: number, y: number }>} */
  const places = new Map();
  for (const [rank, row] of rows.entries()) {
    const left = (width - row.length * (BOX.width + GAP.x) + GAP.x) / 2;
    for (const [at, folder] of row.entries()) {
      const y = height - MARGIN - BOX.height - rank * (BOX.height + GAP.y);
      places.set(folder, { x: left + at * (BOX.width + GAP.x), y });
    }
  }
  const lines = folders.flatMap((folder) =>
    importsOf(folder)
      .filter((to) => !importsOf(folder).some((other) => other !== to && leads(other, to)))
      .map((to) => line(places.get(folder), places.get(to))),
  );
  const boxes = folders.map((folder) => {
    const place = places.get(folder) ?? { x: 0, y: 0 };
    return box({ ...place, ...BOX }, folder.replace("packages/", ""));
  });
  return picture({ width, height, title: "Packages and what they import" }, [...lines, ...boxes]);
}

/** @param {{ x: number, y: number } | undefined} from @param {{ x: number, y: number } | undefined} to */
function line(from, to) {
  if (from === undefined || to === undefined) return "";
  const [x1, y1] = [from.x + BOX.width / 2, from.y + BOX.height];
  const [x2, y2] = [to.x + BOX.width / 2, to.y];
  const bend = (y2 - y1) / 2;
  return `<path d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}" fill="none" stroke="${LINE}" stroke-opacity="0.55"/>`;
}
