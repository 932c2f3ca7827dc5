// Links of Markdown pages lead from file to file, so that they work where the repository is read. Here they become the
// addresses of the site; what is no page of the site, such as decisions, leads into the repository.

import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The folder of the repository. */
const ROOT = resolve(import.meta.dirname, "../../..");
/** The folder of pages. */
export const PAGES = join(ROOT, "docs");
/** Tags that pages contain. */
const TAG = /^<(?:\/?(?:a|br|kbd|sub|sup|details|summary)\b|!--)/i;
const HAS_SCHEME = /^(?:[a-z][a-z+.-]*:|\/\/)/i;

/**
 * The name of a heading in addresses, as GitHub makes it.
 * @param {string} title
 */
export function slugify(title) {
  return title
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_\- ]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * Where a link of a page leads on the site.
 * @param {string} file the page's path
 * @param {string} href as it is written
 * @param {string} repository the address under which the repository's files are read
 * @returns {string}
 */
export function addressOf(file, href, repository) {
  if (HAS_SCHEME.test(href) || href.startsWith("#") || href.startsWith("/")) return href;
  const [path = "", hash] = href.split("#");
  const suffix = hash === undefined ? "" : `#${hash}`;
  const target = resolve(dirname(file), decodeURI(path));
  const page = relative(PAGES, target).replace(/^site\//, "");
  const isElsewhere = page.startsWith("..") || page.startsWith("decisions/");
  if (isElsewhere || (!page.endsWith(".md") && existsSync(target))) {
    if (!existsSync(target)) return `/${page}${suffix}`;
    const kind = statSync(target).isDirectory() ? "tree" : "blob";
    return `${repository}/${kind}/main/${relative(ROOT, target)}${suffix}`;
  }
  return `/${page}${suffix}`;
}

/**
 * A plugin of markdown-it.
 * @param {{ core: { ruler: { push: (name: string, rule: (state: State) => void) => void } } }} md
 * @param {{ repository: string }} options
 *
 * @typedef {{ type: string, content: string, children: Token[] | null, attrGet: (name: string) => string | null, attrSet: (name: string, value: string) => void }} Token
 * @typedef {{ tokens: Token[], env: { realPath?: string, path: string } }} State
 */
export function linksPlugin(md, { repository }) {
  md.core.ruler.push("site-links", ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      // What looks like a tag and is a type, `Promise<void>`, stays text.
      if (token.type === "html_inline" && !TAG.test(token.content)) token.type = "text";
      if (token.type !== "link_open") continue;
      const href = token.attrGet("href") ?? "";
      token.attrSet("href", addressOf(env.realPath ?? env.path, href, repository));
    }
  });
}
