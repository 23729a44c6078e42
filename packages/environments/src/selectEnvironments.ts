import type { Environment } from './Environment';
import type { Environments } from './Environments';

/**
 * The annotation by which an entity says where it runs: names of environments with commas between them. Without it, it
 * runs in all.
 *
 * @public
 */
export const ENVIRONMENTS_ANNOTATION = 'waystone.dev/environments';

/**
 * The environments that an entity runs in, in the order of the configuration.
 *
 * @param environments - all of the configuration
 * @param annotation - the value of {@link ENVIRONMENTS_ANNOTATION}
 * @returns also the names that no environment has.
 *
 * @public
 */
export function selectEnvironments(
  environments: Environments,
  annotation: string | undefined,
): {
  readonly selected: readonly Environment[];
  readonly unknown: readonly string[];
} {
  const names = new Set(
    (annotation ?? '')
      .split(',')
      .map(name => name.trim())
      .filter(Boolean),
  );
  if (names.size === 0) {
    return { selected: environments.all, unknown: [] };
  }
  return {
    selected: environments.all.filter(({ name }) => names.has(name)),
    unknown: [...names].filter(name => !environments.get(name)),
  };
}
