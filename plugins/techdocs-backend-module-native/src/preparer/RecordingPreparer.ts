import path from 'node:path';
import {
  getCompoundEntityRef,
  stringifyEntityRef,
  type Entity,
} from '@backstage/catalog-model';
import { NotModifiedError, toError } from '@backstage/errors';
import type { ScmIntegrationRegistry } from '@backstage/integration';
import {
  getLocationForEntity,
  type PreparerBase,
  type PreparerOptions,
  type PreparerResponse,
} from '@backstage/plugin-techdocs-node';
import { fingerprintSite, rendererVersion } from '@waystone/docs-renderer';
import type { BuildStore } from '../builds/BuildStore';
import type { PreparedSources } from '../builds/PreparedSources';

export interface RecordingPreparerOptions {
  readonly inner: PreparerBase;
  readonly sources: PreparedSources;
  readonly builds: BuildStore;
  /** Changes with the settings that pages depend on. Default: none */
  readonly settingsVersion?: string;
  readonly scmIntegrations: ScmIntegrationRegistry;
}

/** Separates the source's own tag from the version of the renderer. */
const MARK = ';waystone=';

/**
 * A preparer that remembers whose docs it prepares, and that knows whether a folder on this machine has changed: the
 * stock one always says that it has. A new version of the renderer counts as a change, and so do new settings.
 */
export class RecordingPreparer implements PreparerBase {
  readonly #options: RecordingPreparerOptions;

  constructor(options: RecordingPreparerOptions) {
    this.#options = options;
  }

  shouldCleanPreparedDirectory(): boolean {
    return this.#options.inner.shouldCleanPreparedDirectory();
  }

  async prepare(
    entity: Entity,
    options?: PreparerOptions,
  ): Promise<PreparerResponse> {
    const { inner, scmIntegrations, sources, builds, settingsVersion } =
      this.#options;
    const entityRef = stringifyEntityRef(entity);
    const renderer = [await rendererVersion(), settingsVersion]
      .filter(Boolean)
      .join('.');
    const [known, version] = (options?.etag ?? '').split(MARK);
    const current = version === renderer ? known : undefined;
    let prepared: PreparerResponse;
    try {
      prepared = await inner.prepare(entity, {
        ...options,
        etag: current || undefined,
      });
    } catch (error) {
      if (toError(error).name !== 'NotModifiedError') {
        await builds.failed(entityRef, {
          error: toError(error).message,
          problems: [],
        });
      }
      throw error;
    }
    let changedAt: Date | undefined;
    let { etag } = prepared;
    if (!etag) {
      const fingerprint = await fingerprintSite(prepared.preparedDir);
      etag = fingerprint.hash;
      changedAt = fingerprint.changedAt;
      if (etag === current) {
        throw new NotModifiedError('The docs have not changed');
      }
    }
    sources.add(path.resolve(prepared.preparedDir), {
      entityRef,
      entity: getCompoundEntityRef(entity),
      changedAt,
      // `dir:` is a folder of the repository for entities that were read from one
      local: getLocationForEntity(entity, scmIntegrations).type === 'dir',
    });
    return {
      preparedDir: prepared.preparedDir,
      etag: `${etag}${MARK}${renderer}`,
    };
  }
}
