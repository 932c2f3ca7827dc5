// The documentation site: the pages of `docs`, those of `docs/site` at its root. Holds settings; the order of pages is in
// navigation.mjs.

import { linksPlugin, slugify } from "./links.mjs";
import { nav, sidebar } from "./navigation.mjs";

const REPOSITORY = "https://sockeye.invalid";

export default {
  title: "Sockeye",
  description: "Real-time events between browsers and servers: Socket.IO, rewritten in TypeScript.",
  lang: "en",
  srcDir: "..",
  srcExclude: ["site/node_modules/**", "decisions/**"],
  rewrites: { "site/:rest*": ":rest*" },
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
    languageAlias: { caddyfile: "nginx", haproxy: "ini" },
    /** @param {never} md */
    config: (md) => linksPlugin(md, { repository: REPOSITORY }),
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
        detailedView: false,
        miniSearch: { searchOptions: { boost: { title: 4, text: 2, titles: 1 }, fuzzy: 0.1 } },
      },
    },
    docFooter: { prev: "Previous", next: "Next" },
    footer: { message: "Released under the MIT licence." },
  },
};
