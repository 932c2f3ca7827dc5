// How pages of examples are bundled: with components of Vue and Svelte, and with JSX.

import { readFile } from "node:fs/promises";

/** Components of Vue and Svelte; a compiler is loaded where it is needed. @type {import("esbuild").Plugin} */
const components = {
  name: "components",
  setup({ onLoad }) {
    onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { compileScript, parse } = await import("vue/compiler-sfc");
      const { descriptor } = parse(await readFile(path, "utf8"), { filename: path });
      const options = { id: path, inlineTemplate: true, isProd: true };
      return { contents: compileScript(descriptor, options).content, loader: "ts" };
    });
    onLoad({ filter: /\.svelte$/ }, async ({ path }) => {
      const { compile } = await import("svelte/compiler");
      const source = await readFile(path, "utf8");
      const { js } = compile(source, { filename: path, generate: "client" });
      return { contents: js.code, loader: "ts" };
    });
  },
};

/** @type {import("esbuild").BuildOptions} */
export const pageOptions = {
  jsx: "automatic",
  conditions: ["browser"],
  // What users get of frameworks, not what their developers do.
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  plugins: [components],
};
