import type { Config } from '@backstage/config';
import { standardActions } from './lintTemplate';
import type { LintOptions } from './lintTemplate';

/**
 * What templates may use in this portal: the standard actions and filters, and those of
 * `waystone.goldenPaths.templates`.
 *
 * @public
 */
export function readLintOptions(config: Config): LintOptions {
  const section = config.getOptionalConfig('waystone.goldenPaths.templates');
  return {
    actions: [
      ...standardActions,
      ...(section?.getOptionalStringArray('actions') ?? []),
    ],
    filters: section?.getOptionalStringArray('filters'),
  };
}
