// The documentation site: the pages of `docs`, those of `docs/site` at its root. Holds settings; the order of pages is in
// navigation.mjs.

import { linksPlugin, slugify } from "./links.mjs";
import { nav, sidebar } from "./navigation.mjs";
import { tablesPlugin } from "./tables.mjs";

/** Where the repository's files are read: what is no page of the site. */
const REPOSITORY = "https://sockeye.invalid";
const SEARCHED = /^(?!spec\/|compatibility|hosts-matrix|releasing|architecture)/;

/**
 * What of a page is found: rules and lists for contributors would bury what users look for. Colours of code are left out,
 * which take most of the time.
 * @param {string} src
 * @param {{ relativePath: string }} env
 * @param {{ options: { highlight: unknown }, render: (src: string, env: object) => string }} md
 */
function searched(src, env, md) {
  if (!SEARCHED.test(env.relativePath)) return "";
  const { highlight } = md.options;
  md.options.highlight = null;
  try {
    return md.render(src, env);
  } finally {
    md.options.highlight = highlight;
  }
}

export default {
  title: "Sockeye",
  description: "Real-time events between browsers and servers: Socket.IO, rewritten in TypeScript.",
  lang: "en",
  srcDir: "..",
  srcExclude: ["**/node_modules/**", "decisions/**", "compatibility/**"],
  rewrites: { "site/:rest*": ":rest*" },
  // Addresses of servers that readers start themselves.
  ignoreDeadLinks: "localhostLinks",
  cleanUrls: false,
  lastUpdated: false,
  head: [
    ["meta", { name: "theme-color", content: "#0b6e5f" }],
    ["link", { rel: "icon", href: "/icon.svg", type: "image/svg+xml" }],
  ],
  markdown: {
    anchor: { slugify },
    toc: { slugify },
    headers: { slugify },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    languageAlias: { mjs: "js", cjs: "js" },
    /** @param {never} md */
    config: (md) => {
      linksPlugin(md, { repository: REPOSITORY });
      tablesPlugin(md);
    },
  },
  vite: {
    publicDir: "site/public",
    // Files of examples are included in pages, and reloaded when they change.
    server: { fs: { allow: ["../../.."] } },
    build: { chunkSizeWarningLimit: 4000 },
  },
  themeConfig: {
    logo: "/icon.svg",
    nav,
    sidebar,
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        // Rules and lists for contributors would bury what users look for.
        _render: searched,
        miniSearch: { searchOptions: { boost: { title: 4, text: 2, titles: 1 }, fuzzy: 0.1 } },
      },
    },
    docFooter: { prev: "Previous", next: "Next" },
    footer: { message: "Released under the MIT licence." },
  },
};
