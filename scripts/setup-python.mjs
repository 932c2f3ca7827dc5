// Brings Python's Socket.IO, which end-to-end tests meet. As root on Debian installs what is missing;
// elsewhere says so, so that the tests which need it skip and count.

import { installFromDebian, isDebianRoot } from "./debian.mjs";
import { debian, describePython } from "./python.mjs";

if (describePython() === undefined && isDebianRoot) await installFromDebian(debian);

const found = describePython();
console.log(found === undefined ? whyMissing() : `Python's Socket.IO: ${found}`);
if (found === undefined && process.env.CI === "true") process.exitCode = 1;

function whyMissing() {
  return (
    "Python's Socket.IO: not found, so the tests that need it are skipped. " +
    "Have python-socketio and aiohttp in python3, or name a Python that has them in PYTHON_PATH" +
    (isDebianRoot ? `; installing ${debian.join(" ")} has failed.` : ".")
  );
}
