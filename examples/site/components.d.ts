// What imports of components are to the compiler, which does not read them: their own compilers do.

declare module "*.vue" {
  import type { Component } from "vue";

  const component: Component;
  // biome-ignore lint/style/noDefaultExport: so are components exported.
  export default component;
}

declare module "*.svelte" {
  import type { Component } from "svelte";

  const component: Component;
  // biome-ignore lint/style/noDefaultExport: so are components exported.
  export default component;
}
