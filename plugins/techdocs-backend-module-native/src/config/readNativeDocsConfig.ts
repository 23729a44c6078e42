import type { Config } from '@backstage/config';
import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import type { RenderPoolOptions, SiteLimits } from '@waystone/docs-renderer';
import type { SourceLimits } from '../preparer/limitSource';

/** `techdocs.generator.engine` and `techdocs.native`, read once. */
export interface NativeDocsConfig {
  readonly engine: 'native' | 'mkdocs';
  readonly pool: RenderPoolOptions;
  readonly limits: Partial<SiteLimits>;
  /** What the archive of a repository may unpack to. */
  readonly source: SourceLimits;
  /** Folder that sites are published to; undefined where they are published elsewhere, or where nobody has named it. */
  readonly publishFolder?: string;
  /** Whether published folders keep capital letters. */
  readonly keepCase: boolean;
  readonly refresh: SchedulerServiceTaskScheduleDefinition;
}

const LIMITS = [
  'pages',
  'files',
  'pageBytes',
  'fileBytes',
  'totalBytes',
  'pageMilliseconds',
  'siteMilliseconds',
] as const;

const DEFAULT_REFRESH: SchedulerServiceTaskScheduleDefinition = {
  frequency: { minutes: 10 },
  timeout: { minutes: 10 },
  initialDelay: { seconds: 20 },
  scope: 'global',
};

/** @throws Error when the engine is not one of the two. */
export function readNativeDocsConfig(root: Config): NativeDocsConfig {
  const engine =
    root.getOptionalString('techdocs.generator.engine') ?? 'native';
  if (engine !== 'native' && engine !== 'mkdocs') {
    throw new Error(
      `techdocs.generator.engine is "${engine}"; it can be "native" or "mkdocs"`,
    );
  }
  const native = root.getOptionalConfig('techdocs.native');
  const limits = native?.getOptionalConfig('limits');
  return {
    engine,
    pool: {
      threads: native?.getOptionalNumber('threads'),
      memoryMegabytes: native?.getOptionalNumber('memoryMegabytes'),
    },
    limits: Object.fromEntries(
      LIMITS.flatMap(name => {
        const value = limits?.getOptionalNumber(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    source: {
      bytes: limits?.getOptionalNumber('sourceBytes') ?? 1024 ** 3,
      files: limits?.getOptionalNumber('sourceFiles') ?? 100_000,
    },
    publishFolder:
      (root.getOptionalString('techdocs.publisher.type') ?? 'local') === 'local'
        ? root.getOptionalString('techdocs.publisher.local.publishDirectory')
        : undefined,
    keepCase:
      root.getOptionalBoolean('techdocs.legacyUseCaseSensitiveTripletPaths') ??
      false,
    refresh: native?.has('refresh')
      ? {
          ...DEFAULT_REFRESH,
          ...readSchedulerServiceTaskScheduleDefinitionFromConfig(
            native.getConfig('refresh'),
          ),
        }
      : DEFAULT_REFRESH,
  };
}
