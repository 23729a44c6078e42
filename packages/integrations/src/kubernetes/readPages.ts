import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type { ListOptions, ObjectList } from './Client';
import { readWarnings } from './readWarnings';
import { resourcePath } from './resourcePath';
import { listSchema } from './types';
import type { ResourceKind } from './types';

const PAGE_SIZE = 500;
const SMALLEST_PAGE = 10;
const PAGE_TIMEOUT_MS = 25_000;
const METADATA_LIST =
  'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/**
 * Lists page by page. Pages that are too large to read are made smaller.
 *
 * @internal
 */
export async function* readPages(
  options: ListOptions & {
    readonly http: UpstreamHttp;
    readonly kind: ResourceKind;
    readonly headers?: UpstreamRequest['headers'];
  },
): AsyncGenerator<ObjectList, void, undefined> {
  const { fieldSelector, http, kind, labelSelector, namespace, signal } =
    options;
  let limit = options.pageSize ?? PAGE_SIZE;
  let continueToken: string | undefined;
  for (;;) {
    let warnings: readonly string[] = [];
    try {
      const page = await http.json(
        {
          operation: `list-${kind.resource}`,
          path: resourcePath(kind, { namespace }),
          query: {
            labelSelector,
            fieldSelector,
            limit,
            continue: continueToken,
          },
          headers: {
            ...options.headers,
            ...(options.metadataOnly && { accept: METADATA_LIST }),
          },
          onHeaders: headers => {
            warnings = readWarnings(headers);
          },
          signal,
          // A page is large, and a watched cache has nobody waiting for it.
          timeoutMs: PAGE_TIMEOUT_MS,
          firstByteTimeoutMs: PAGE_TIMEOUT_MS,
        },
        listSchema,
      );
      const { apiVersion, kind: objectKind } = kind;
      yield {
        // Items of a list do not repeat what they are.
        items: (page.items ?? []).map(item => ({
          ...item,
          apiVersion,
          kind: objectKind,
        })),
        resourceVersion: page.metadata.resourceVersion ?? '',
        warnings,
      };
      continueToken = page.metadata.continue || undefined;
      if (continueToken === undefined) {
        return;
      }
    } catch (error) {
      if (
        !(error instanceof UpstreamError) ||
        error.code !== 'too-large' ||
        limit <= SMALLEST_PAGE
      ) {
        throw error;
      }
      limit = Math.max(SMALLEST_PAGE, Math.floor(limit / 4));
    }
  }
}
