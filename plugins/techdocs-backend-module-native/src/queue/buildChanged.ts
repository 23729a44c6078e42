import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { DocumentedEntities } from '../refresh/DocumentedEntities';
import type { DocsBuildRunner } from './DocsBuildRunner';

/** Builds the docs of an entity when they have changed. Why they could not be built is kept where owners see it. */
export async function buildChanged(
  entityRef: string,
  options: {
    readonly entities: DocumentedEntities;
    readonly logger: LoggerService;
    readonly runner: DocsBuildRunner;
  },
): Promise<void> {
  const { entities, logger, runner } = options;
  try {
    const entity = await entities.find(entityRef);
    if (entity) await runner.build(entity);
  } catch (error) {
    logger.debug(`The docs of ${entityRef} could not be built`, toError(error));
  }
}
