// Where the project is on the web: in the root's package.json, or said by whoever publishes. Knows no file system.

/** What to do about an address that is missing. */
export const INSTEAD =
  "write the real one there and run `npm run manifests`, or give `--repository URL` (or set SOCKEYE_REPOSITORY)";

/**
 * @typedef {object} Addresses
 * @property {unknown} homepage
 * @property {unknown} repository
 * @property {unknown} bugs
 */

/**
 * The three addresses of a project whose repository is at a URL such as `https://forge.example/owner/name`.
 * @param {string} repository
 * @returns {Addresses}
 * @throws Error when it is no https URL of a repository
 */
export function addressesOf(repository) {
  const bare = repository.replace(/^git\+/, "").replace(/(\.git)?\/*$/, "");
  if (!/^https:\/\/[^/\s]+\/\S+$/.test(bare)) {
    throw new Error(
      `--repository wants an address such as https://forge.example/owner/name, not ${repository}`,
    );
  }
  return {
    homepage: `${bare}#readme`,
    repository: { type: "git", url: `git+${bare}.git` },
    bugs: { url: `${bare}/issues` },
  };
}

/**
 * The fields of a package's package.json.
 * @param {Addresses} addresses
 * @param {string} folder of the package
 */
export function addressFields({ homepage, repository, bugs }, folder) {
  return {
    homepage,
    repository: { .../** @type {object} */ (repository), directory: folder },
    bugs,
  };
}
