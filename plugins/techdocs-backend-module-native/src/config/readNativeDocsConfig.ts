import type { Config } from '@backstage/config';
import {
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import type { RenderPoolOptions, SiteLimits } from '@waystone/docs-renderer';
import type { SourceLimits } from '../preparer/limitSource';

/** `techdocs.native.diagrams`: which servers draw diagrams, and what one diagram may take. */
export interface DiagramsConfig {
  /** Address of a Kroki server. */
  readonly kroki?: string;
  /** Address of a PlantUML server, up to and without the format. */
  readonly plantuml?: string;
  readonly timeoutMilliseconds: number;
  /** Bytes of a diagram's source. */
  readonly sourceBytes: number;
  /** Bytes of a picture. */
  readonly answerBytes: number;
  /** Diagrams that are asked for at the same time, of all sites. */
  readonly concurrency: number;
}

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
  readonly diagrams: DiagramsConfig;
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

/** @throws Error when the engine is not one of the two, or the address of a diagram server is none. */
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
    diagrams: readDiagrams(native?.getOptionalConfig('diagrams')),
  };
}

function readDiagrams(config: Config | undefined): DiagramsConfig {
  return {
    kroki: readServer(config, 'kroki.url'),
    plantuml: readServer(config, 'plantuml.url'),
    timeoutMilliseconds:
      config?.getOptionalNumber('timeoutMilliseconds') ?? 10_000,
    sourceBytes: config?.getOptionalNumber('sourceBytes') ?? 100_000,
    answerBytes: config?.getOptionalNumber('answerBytes') ?? 2 * 1024 ** 2,
    concurrency: config?.getOptionalNumber('concurrency') ?? 4,
  };
}

function readServer(
  config: Config | undefined,
  key: string,
): string | undefined {
  const url = config?.getOptionalString(key);
  if (url === undefined) return undefined;
  const { protocol, username, password, search, hash } = URL.canParse(url)
    ? new URL(url)
    : { protocol: '' };
  if (!/^https?:$/.test(protocol) || username || password || search || hash) {
    throw new Error(
      `techdocs.native.diagrams.${key} must be an http or https address without user, query and fragment`,
    );
  }
  return url.replace(/\/+$/, '');
}
