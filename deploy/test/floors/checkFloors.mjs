import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findAcceptance, readAccepted } from '../../acceptedAdvisories.mjs';

/**
 * Compares every version in the lockfile with the first one without published weaknesses.
 *
 * @param {{ repo: string }} options
 * @returns {{ problems: string[], checked: number, accepted: number }}
 */
export function checkFloors({ repo }) {
  const require = createRequire(path.join(repo, 'package.json'));
  const { parse } = require('yaml');
  const semver = require('semver');
  const floors = parse(
    fs.readFileSync(path.join(repo, 'deploy/test/floors/floors.yaml'), 'utf8'),
  );
  const { accepted } = readAccepted(repo);
  const versions = lockedVersions(
    parse(fs.readFileSync(path.join(repo, 'yarn.lock'), 'utf8')),
  );

  const result = { problems: [], checked: 0, accepted: 0 };
  for (const { package: name, floor, advisories } of floors) {
    for (const version of versions.get(name) ?? []) {
      result.checked += 1;
      if (semver.gte(version, floor)) continue;
      const open = advisories.filter(
        id => !findAcceptance(accepted, name, [id]),
      );
      if (open.length === 0) {
        result.accepted += 1;
      } else {
        result.problems.push(
          `${name} ${version} is below ${floor}: ${open.join(
            ', ',
          )}. Update it, or accept it in deploy/audit-accepted.yaml.`,
        );
      }
    }
  }
  return result;
}

/** @returns {Map<string, Set<string>>} The versions of each package, a package may be there in several. */
function lockedVersions(lockfile) {
  const versions = new Map();
  for (const { resolution, version } of Object.values(lockfile)) {
    const [, name] = /^(@?[^@]+)@npm:/.exec(resolution ?? '') ?? [];
    if (!name) continue;
    if (!versions.has(name)) versions.set(name, new Set());
    versions.get(name).add(version);
  }
  return versions;
}
