import type {
  AuthService,
  DiscoveryService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { CATALOG_FILTER_EXISTS } from '@backstage/catalog-client';
import type { Entity } from '@backstage/catalog-model';
import { toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';

export interface RefreshDocsOptions {
  readonly auth: AuthService;
  readonly catalog: CatalogService;
  readonly discovery: DiscoveryService;
  readonly logger: LoggerService;
  readonly signal: AbortSignal;
}

const PAGE_SIZE = 200;
const AT_ONCE = 2;

/**
 * Has TechDocs look at the source of every entity's docs. It builds what has changed, and the next reader finds it
 * built: nobody waits, and search knows docs that nobody has opened.
 */
export async function refreshDocs(options: RefreshDocsOptions): Promise<void> {
  const { auth, catalog, discovery, logger, signal } = options;
  const credentials = await auth.getOwnServiceCredentials();
  const baseUrl = await discovery.getBaseUrl('techdocs');
  let cursor: string | undefined;
  do {
    signal.throwIfAborted();
    const page = await catalog.queryEntities(
      cursor
        ? { cursor, limit: PAGE_SIZE }
        : {
            filter: {
              'metadata.annotations.backstage.io/techdocs-ref':
                CATALOG_FILTER_EXISTS,
            },
            fields: ['kind', 'metadata.namespace', 'metadata.name'],
            limit: PAGE_SIZE,
          },
      { credentials },
    );
    cursor = page.pageInfo.nextCursor;
    const queue = [...page.items];
    const work = async () => {
      for (let entity = queue.shift(); entity; entity = queue.shift()) {
        if (signal.aborted) return;
        const { token } = await auth.getPluginRequestToken({
          onBehalfOf: credentials,
          targetPluginId: 'techdocs',
        });
        try {
          const answer = await fetch(`${baseUrl}/sync/${pathOf(entity)}`, {
            headers: { authorization: `Bearer ${token}` },
            signal,
          });
          await answer.text();
        } catch (error) {
          logger.debug(
            `The docs of ${pathOf(entity)} could not be refreshed`,
            toError(error),
          );
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } while (cursor);
}

function pathOf(entity: Entity): string {
  return [
    entity.metadata.namespace ?? 'default',
    entity.kind.toLowerCase(),
    entity.metadata.name,
  ]
    .map(encodeURIComponent)
    .join('/');
}
