import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  platformDefaultsSchema,
  standardDefaults,
} from '@waystone/application-model';
import type { PlatformDefaults } from '@waystone/application-model';
import { readEnvironments } from '@waystone/environments';
import type { Environments } from '@waystone/environments';

/** Where new software goes. */
export interface GoldenPathConfig {
  readonly environments: Environments;
  readonly platform: PlatformDefaults;
  /** Host of the forge; the first without it. */
  readonly forge?: string;
  readonly organization?: string;
  /** Whether only members of the organisation see new repositories. */
  readonly private: boolean;
  /** The cluster in which Argo CD keeps its Applications. */
  readonly argocdCluster?: string;
  readonly vault: { readonly instance?: string; readonly mount: string };
}

const KEY = 'waystone.goldenPaths';

/**
 * Reads `waystone.goldenPaths`.
 *
 * @throws InputError that names the key and what is wrong with its value.
 */
export function readGoldenPathConfig(config: Config): GoldenPathConfig {
  const section = config.getOptionalConfig(KEY);
  const environments = readEnvironments(config);
  const parsed = platformDefaultsSchema.safeParse({
    ...standardDefaults,
    ...section?.getOptional<object>('platform'),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid configuration at '${KEY}.platform.${issue.path.join('.')}': ${
        issue.message
      }`,
    );
  }
  return {
    environments,
    platform: parsed.data,
    forge: section?.getOptionalString('forge'),
    organization: section?.getOptionalString('organization'),
    private: section?.getOptionalBoolean('private') ?? true,
    argocdCluster:
      section?.getOptionalString('argocdCluster') ??
      environments.all.at(-1)?.cluster,
    vault: {
      instance: section?.getOptionalString('vault.instance'),
      mount: section?.getOptionalString('vault.mount') ?? 'secret',
    },
  };
}
