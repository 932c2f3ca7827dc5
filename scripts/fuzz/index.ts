// What the worker of `npm run fuzz` runs, as one file.

export { SurfaceRun } from "./run-surface.ts";
export { SESSION_INPUTS } from "./surface.ts";
export { surfaces } from "./surfaces.ts";
