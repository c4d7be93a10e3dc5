/*
 * Stands in the bundle for packages that oclif only calls to find commands and settings by looking through
 * folders. The package has a manifest and its settings in package.json, so it never looks.
 */

function neverCalled(): never {
  throw new Error('The bundle does without this.');
}

export const glob = neverCalled;
export const minimatch = neverCalled;
export const lilconfig = neverCalled;
