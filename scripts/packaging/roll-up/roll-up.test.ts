// How the declarations of a package are put together: names stay, a declaration exists once, and what cannot be moved is refused.

import { expect, test } from "vitest";
import { rollUp } from "./index.mjs";

const rolled = (files: Record<string, string>, entries: string[]): Record<string, string> =>
  Object.fromEntries(rollUp(new Map(Object.entries(files)), entries));

test("one file for an entry: what it exports and what that uses, with comments, and nothing else", () => {
  const files = {
    "index.d.ts": 'export { type Cat } from "./cat.js";\nexport * from "./dog.js";\n',
    "cat.d.ts":
      'import type { Food as Meal } from "./food.js";\n/** A cat. */\nexport interface Cat { eat(meal: Meal): void; }\nexport interface Unused { }\n',
    "dog.d.ts": "export declare class Dog<T> { #private; bark(): T; }\n",
    "food.d.ts": 'import { Unit } from "units";\nexport interface Food { readonly size: Unit; }\n',
  };
  expect(rolled(files, ["index.d.ts"])).toEqual({
    "index.d.ts": `import { Unit } from "units";
/** A cat. */
interface Cat { eat(meal: Food): void; }
interface Food { readonly size: Unit; }
declare class Dog<T> { #private; bark(): T; }
export type { Cat };
export { Dog };
`,
  });
});

test("what two entries lead to exists once", () => {
  const files = {
    "index.d.ts": 'export { Both } from "./both.js";\nexport declare const one: 1;\n',
    "sub/other.d.ts":
      'import { Both } from "../both.js";\nexport { Both as default };\nexport declare const two: Both;\n',
    "both.d.ts": "export declare class Both { #private; }\n",
  };
  expect(rolled(files, ["index.d.ts", "sub/other.d.ts"])).toEqual({
    "index.d.ts": 'declare const one: 1;\nexport { Both } from "./types.js";\nexport { one };\n',
    "sub/other.d.ts": `import { Both } from "../types.js";
declare const two: Both;
export { Both as default } from "../types.js";
export { two };
`,
    "types.d.ts": "declare class Both { #private; }\nexport { Both };\n",
  });
});

test("of two declarations with one name, each keeps it, in files of their own", () => {
  const files = {
    "index.d.ts":
      'export { Socket } from "./socket.js";\nexport { Socket as TypedSocket } from "./typed.js";\n',
    "socket.d.ts": "export interface Socket { }\n",
    "typed.d.ts":
      'import type { Socket as Plain } from "./socket.js";\nexport interface Socket extends Plain { }\n',
  };
  expect(rolled(files, ["index.d.ts"])).toEqual({
    "index.d.ts":
      'export { Socket } from "./types.js";\nexport { Socket as TypedSocket } from "./types-2.js";\n',
    "types.d.ts": "interface Socket { }\nexport { Socket };\n",
    "types-2.d.ts":
      'import type { Socket as Socket_1 } from "./types.js";\ninterface Socket extends Socket_1 { }\nexport { Socket };\n',
  });
});

test("a name of the platform keeps its meaning beside a declaration of that name", () => {
  const files = {
    "index.d.ts":
      'export type { Event } from "./event.js";\nexport declare function hear(event: Event): void;\n',
    "event.d.ts": "export type Event = [name: string];\n",
  };
  const { "types.d.ts": types, "types-2.d.ts": others } = rolled(files, ["index.d.ts"]);
  expect(types).toBe("type Event = [name: string];\nexport { Event };\n");
  expect(others).toBe("declare function hear(event: Event): void;\nexport { hear };\n");
});

test("type parameters, parameters and inferred types are not taken for declarations", () => {
  const text = `type T = 1;
type U = 2;
type K = 3;
export type A<T> = T extends (infer U)[] ? U : { [K in keyof T]: T[K] };
export declare function is<T>(value: unknown, kind: T): value is T;
`;
  const { "index.d.ts": file } = rolled({ "index.d.ts": text }, ["index.d.ts"]);
  expect(file).not.toMatch(/type [TUK] =/);
});

test("what a file adds to modules of others comes with what is used of the file", () => {
  const files = {
    "index.d.ts":
      'export { plugin } from "./plugin.js";\nexport { type Plain } from "./plain.js";\n',
    "plugin.d.ts":
      'import type { Server } from "./server.js";\ndeclare module "framework" { interface Application { io: Server; } }\nexport declare const plugin: import("framework").Plugin;\n',
    "plain.d.ts":
      'declare module "other" { interface Application { } }\nexport interface Plain { }\n',
    "server.d.ts": "export interface Server { }\n",
  };
  const { "index.d.ts": file } = rolled(files, ["index.d.ts"]);
  expect(file).toContain('declare module "framework" { interface Application { io: Server; } }');
  expect(file).toContain('declare module "other"');
  expect(file).toContain('declare const plugin: import("framework").Plugin;');
  expect(file).toContain("interface Server { }");
  expect(file).not.toContain("export { declare");
  const both = rolled(
    {
      ...files,
      "other.d.ts": 'export { plugin } from "./plugin.js";\nexport declare const own: 1;\n',
    },
    ["index.d.ts", "other.d.ts"],
  );
  expect(both["types.d.ts"]).toContain('declare module "framework"');
  expect(both["other.d.ts"]).toContain('import "./types.js";');
});

test("a value and a type of one name go together; packages handed out as a whole stay so", () => {
  const files = {
    "index.d.ts":
      'export * from "./both.js";\nexport type * from "types-of-others";\nexport * as all from "others";\n',
    "both.d.ts":
      "export declare const Kind: { readonly a: 1; };\nexport type Kind = (typeof Kind)[keyof typeof Kind];\n",
  };
  expect(rolled(files, ["index.d.ts"])["index.d.ts"]).toBe(`declare const Kind: { readonly a: 1; };
type Kind = (typeof Kind)[keyof typeof Kind];
export { Kind };
export * as all from "others";
export type * from "types-of-others";
`);
});

test.each([
  'import "./effect.js";',
  "export default interface Odd { }",
  'export type Odd = import("./x.js").Odd;',
])("refuses what it does not know how to move: %s", (text) => {
  expect(() => rolled({ "index.d.ts": `${text}\nexport {};\n` }, ["index.d.ts"])).toThrow(
    "not known how to move",
  );
});

test("what a type parameter hides is imported under another name", () => {
  const files = {
    "index.d.ts":
      'import type { Frame as Plain } from "frames";\nexport type Held<Frame> = [Frame, Plain];\n',
  };
  expect(rolled(files, ["index.d.ts"])["index.d.ts"]).toContain(
    'import type { Frame as Frame_1 } from "frames";\ntype Held<Frame> = [Frame, Frame_1];',
  );
});
