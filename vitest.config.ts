import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["sockeye-source"] },
  ssr: { resolve: { conditions: ["sockeye-source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "hosts/*/src/**/*.test.ts"],
    testTimeout: 10_000,
  },
});
