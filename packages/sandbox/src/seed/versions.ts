import type { SeedEnvironment } from './environments';

/** How many versions of a service there are in its repository. */
export const VERSION_COUNT = 5;

/**
 * The versions of a service, oldest first.
 *
 * @param random - numbers in [0, 1) that are the same for the same service
 */
export function createVersions(random: () => number): string[] {
  const major = 1 + Math.floor(random() * 3);
  let minor = 4 + Math.floor(random() * 30);
  let patch = 0;
  return Array.from({ length: VERSION_COUNT }, () => {
    const version = `${major}.${minor}.${patch}`;
    if (random() < 0.35) {
      patch += 1;
    } else {
      minor += 1;
      patch = 0;
    }
    return version;
  });
}

/** The version that an environment has, after the release with this index. */
export function versionIn(
  environment: SeedEnvironment,
  versions: readonly string[],
  release: number,
): string {
  return versions[Math.max(0, release - environment.behind)];
}
