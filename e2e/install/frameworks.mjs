// What is tried of frameworks that render pages on a server or in the build: `io()` stands in a module of the page, the build
// prerenders it, and Chromium opens what the framework's own server hands out. Holds the table of cases.mjs's form.

/** @typedef {import("./cases.mjs").Project} Project */
/** @typedef {import("./cases.mjs").Tool} Tool */

const ANSWERS = '["/ é","/news é"]';

/**
 * Serves the pages that `handler` hands out, and looks at them in Chromium.
 * @param {Project} project
 * @param {string} handler the text of `handler.mjs`
 * @param {string[]} paths
 */
async function lookAt({ run, write }, handler, paths = ["/"]) {
  write("handler.mjs", handler);
  const printed = await run("node", "serve.mjs", ...paths);
  // Frameworks print lines of their own.
  const answers = printed.split("\n").filter((line) => line.startsWith("["));
  if (answers.join() !== paths.map(() => ANSWERS).join()) throw new Error(`printed ${printed}`);
}

/** Hands out the files of a folder; a path without an ending is a page. @param {string} folder */
const filesOf = (folder) => `
  import { readFile } from "node:fs/promises";
  import { extname, join } from "node:path";
  const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css" };
  export async function handler(request, response) {
    const { pathname } = new URL(request.url, "http://page");
    const file = extname(pathname) === "" ? join(pathname, "index.html") : pathname;
    try {
      const text = await readFile(join(import.meta.dirname, "${folder}", file));
      response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream").end(text);
    } catch {
      response.writeHead(404).end();
    }
  }`;

/** @type {Tool} */
const next = {
  title: "Next 16",
  packages: { next: "16", react: "19", "react-dom": "19" },
  needsChromium: true,
  cases: ["", " --webpack"].map((flag) => ({
    title: `\`next build${flag}\`, prerendered, and its server`,
    async check(project) {
      const { run, write } = project;
      write("app/conversation.js", project.program("page.mjs"));
      write(
        "app/page.jsx",
        `"use client";
        import { useEffect } from "react";
        import { converse, text } from "./conversation.js";
        export default function Page() {
          useEffect(() => void converse(), []);
          return <p>{text}</p>;
        }`,
      );
      write(
        "app/layout.jsx",
        "export default function Layout({ children }) { return <html><body>{children}</body></html>; }",
      );
      await run("next", "build", ...flag.trim().split(" ").filter(Boolean));
      await lookAt(
        project,
        `import next from "next";
        const app = next({ dev: false, dir: import.meta.dirname });
        await app.prepare();
        export const handler = app.getRequestHandler();`,
      );
    },
  })),
};

/** @type {Tool} */
const nuxt = {
  title: "Nuxt 4",
  packages: { nuxt: "4.2.2", vue: "3" },
  needsChromium: true,
  cases: ["build", "generate"].map((command) => ({
    title:
      command === "build" ? "`nuxt build`, rendered by its server" : "`nuxt generate`, prerendered",
    async check(project) {
      const { run, write } = project;
      write("app/conversation.mjs", project.program("page.mjs"));
      write(
        "app/app.vue",
        `<script setup>
        import { onMounted } from "vue";
        import { converse, text } from "./conversation.mjs";
        onMounted(() => void converse());
        </script>
        <template><p>{{ text }}</p></template>`,
      );
      const preset = command === "build" ? "node-listener" : "static";
      write(
        "nuxt.config.ts",
        `export default { compatibilityDate: "2025-07-15", telemetry: false, experimental: { payloadExtraction: false }, nitro: { preset: "${preset}", serveStatic: true } };`,
      );
      await run("nuxt", command);
      await lookAt(
        project,
        command === "build"
          ? 'export { listener as handler } from "./.output/server/index.mjs";'
          : filesOf(".output/public"),
      );
    },
  })),
};

/** @type {Tool} */
const svelte = {
  title: "SvelteKit 2",
  packages: {
    "@sveltejs/adapter-node": "5",
    "@sveltejs/kit": "2.70",
    "@sveltejs/vite-plugin-svelte": "6",
    svelte: "5",
    vite: "7",
  },
  needsChromium: true,
  cases: [
    {
      title: "`vite build`: a prerendered page, and one rendered by its server",
      async check(project) {
        const { run, write } = project;
        write("type.json", '{ "type": "module" }');
        await run("node", "merge.mjs", "type.json");
        write(
          "svelte.config.js",
          'import adapter from "@sveltejs/adapter-node";\nexport default { kit: { adapter: adapter() } };',
        );
        write(
          "vite.config.js",
          'import { sveltekit } from "@sveltejs/kit/vite";\nexport default { plugins: [sveltekit()] };',
        );
        write(
          "src/app.html",
          "<!doctype html><html><head>%sveltekit.head%</head><body><div>%sveltekit.body%</div></body></html>",
        );
        write("src/lib/conversation.js", project.program("page.mjs"));
        const page = `<script>
          import { onMount } from "svelte";
          import { converse, text } from "$lib/conversation.js";
          onMount(() => void converse());
          </script>
          <p>{text}</p>`;
        write("src/routes/+page.svelte", page);
        write("src/routes/still/+page.svelte", page);
        write("src/routes/still/+page.js", "export const prerender = true;");
        await run("vite", "build");
        await lookAt(project, 'export { handler } from "./build/handler.js";', ["/", "/still"]);
      },
    },
  ],
};

const ANGULAR = [
  ...["build", "cli", "common", "compiler", "compiler-cli", "core"],
  ...["platform-browser", "platform-server", "router", "ssr"],
];

/** @type {Tool} */
const angular = {
  title: "Angular CLI 21",
  packages: {
    // They ask for each other in one exact version.
    ...Object.fromEntries(ANGULAR.map((name) => [`@angular/${name}`, "21.2.24"])),
    rxjs: "7.8",
    tslib: "2.8",
    typescript: "5.9",
  },
  needsChromium: true,
  cases: [
    {
      title: "`ng build`, prerendered",
      async check(project) {
        const { run, write } = project;
        write("angular.json", JSON.stringify(angularWorkspace));
        write("tsconfig.json", JSON.stringify(angularTypeScript));
        write("src/index.html", "<!doctype html><html><body><app-root></app-root></body></html>");
        write("src/conversation.mjs", project.program("page.mjs"));
        write(
          "src/conversation.d.mts",
          "export declare const text: string;\nexport declare function converse(): Promise<void>;\n",
        );
        write(
          "src/app.ts",
          `import { afterNextRender, Component } from "@angular/core";
          import { converse, text } from "./conversation.mjs";
          @Component({ selector: "app-root", template: "<p>{{ text }}</p>" })
          export class App {
            text = text;
            constructor() { afterNextRender(() => void converse()); }
          }`,
        );
        write(
          "src/main.ts",
          'import { bootstrapApplication } from "@angular/platform-browser";\nimport { App } from "./app";\nbootstrapApplication(App).catch((error) => console.error(error));',
        );
        write(
          "src/main.server.ts",
          `import { bootstrapApplication, type BootstrapContext } from "@angular/platform-browser";
          import { provideServerRendering, RenderMode, withRoutes } from "@angular/ssr";
          import { App } from "./app";
          const routes = [{ path: "**", renderMode: RenderMode.Prerender as const }];
          const providers = [provideServerRendering(withRoutes(routes))];
          export default (context: BootstrapContext) => bootstrapApplication(App, { providers }, context);`,
        );
        await run("ng", "build");
        await lookAt(project, filesOf("dist/app/browser"));
      },
    },
  ],
};

const angularWorkspace = {
  version: 1,
  cli: { analytics: false },
  projects: {
    app: {
      projectType: "application",
      root: "",
      sourceRoot: "src",
      architect: {
        build: {
          builder: "@angular/build:application",
          options: {
            outputPath: "dist/app",
            browser: "src/main.ts",
            server: "src/main.server.ts",
            outputMode: "static",
            tsConfig: "tsconfig.json",
            index: "src/index.html",
          },
        },
      },
    },
  },
};

const angularTypeScript = {
  compilerOptions: {
    strict: true,
    target: "ES2022",
    module: "preserve",
    moduleResolution: "bundler",
    experimentalDecorators: true,
    importHelpers: true,
    skipLibCheck: true,
    types: [],
  },
  files: ["src/main.ts", "src/main.server.ts"],
};

/** @type {Tool[]} */
export const frameworks = [next, nuxt, svelte, angular];
