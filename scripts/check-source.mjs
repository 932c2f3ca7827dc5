// Fails when a file breaks one of the house's own rules: too long, badly named, without a header,
// reading the time where it may not, sleeping in a test, naming this machine.

import { read, repositoryFiles } from "./repository.mjs";
import { machinePaths, rules } from "./source-rules.mjs";
import { runAsStep } from "./step.mjs";

const SOURCES =
  /^(packages|hosts|adapters|examples|e2e|scripts|bench)\/.*\.(ts|mts|mjs|js|css|html)$/;
const TEXTS = /\.(ts|mts|mjs|js|css|html|json|md|yml|yaml|sh)$|^\.[\w/.]+$/;

await runAsStep(import.meta.url, () => {
  const sources = repositoryFiles(SOURCES);
  const texts = repositoryFiles(TEXTS).filter((file) => !SOURCES.test(file));
  const problems = [
    ...sources.flatMap((file) => rules.flatMap((rule) => rule(file, read(file)))),
    ...texts.flatMap((file) => machinePaths(file, read(file))),
  ];
  return { problems, summary: `${sources.length} sources, ${texts.length} other texts` };
});
