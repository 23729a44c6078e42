import type {
  UrlReaderService,
  UrlReaderServiceReadTreeOptions,
  UrlReaderServiceReadTreeResponse,
  UrlReaderServiceReadTreeResponseDirOptions,
  UrlReaderServiceReadUrlOptions,
  UrlReaderServiceReadUrlResponse,
  UrlReaderServiceSearchOptions,
  UrlReaderServiceSearchResponse,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { OutboundLimits } from './LimitedHandler';
import { OutboundRefusedError } from './guardedAgent';
import { type OutboundContext, runInOutboundContext } from './outboundContext';

const MEGABYTE = 1024 * 1024;

/** For single files: catalog descriptors, API definitions and the like. */
const FILE_LIMITS: OutboundLimits = {
  headersTimeoutMs: 10_000,
  totalTimeoutMs: 30_000,
  maxBytes: 20 * MEGABYTE,
};

/** For archives of whole repositories: templates and documentation. */
const TREE_LIMITS: OutboundLimits = {
  headersTimeoutMs: 10_000,
  totalTimeoutMs: 120_000,
  maxBytes: 200 * MEGABYTE,
};

/**
 * Runs every read of another reader behind the guard.
 *
 * @remarks
 *
 * Parts of an answer that are fetched later, such as the files of a tree, run in
 * the same context as the read that they belong to.
 *
 * @internal
 */
export class GuardedUrlReader implements UrlReaderService {
  readonly #reader: UrlReaderService;
  readonly #dispatcher: Dispatcher;

  constructor(options: { reader: UrlReaderService; dispatcher: Dispatcher }) {
    this.#reader = options.reader;
    this.#dispatcher = options.dispatcher;
  }

  async readUrl(
    url: string,
    options?: UrlReaderServiceReadUrlOptions,
  ): Promise<UrlReaderServiceReadUrlResponse> {
    const guard = this.#guard(url, FILE_LIMITS);
    const response = await guard.run(() => this.#reader.readUrl(url, options));
    const { stream } = response;
    return {
      etag: response.etag,
      lastModifiedAt: response.lastModifiedAt,
      buffer: () => guard.run(() => response.buffer()),
      ...(stream && { stream: () => guard.watch(stream.call(response)) }),
    };
  }

  async readTree(
    url: string,
    options?: UrlReaderServiceReadTreeOptions,
  ): Promise<UrlReaderServiceReadTreeResponse> {
    const guard = this.#guard(url, TREE_LIMITS);
    const tree = await guard.run(() => this.#reader.readTree(url, options));
    return {
      etag: tree.etag,
      files: async () => {
        const files = await guard.run(() => tree.files());
        return files.map(file => ({
          ...file,
          content: () => guard.run(() => file.content()),
        }));
      },
      archive: async () => guard.watch(await guard.run(() => tree.archive())),
      dir: (dirOptions?: UrlReaderServiceReadTreeResponseDirOptions) =>
        guard.run(() => tree.dir(dirOptions)),
    } as UrlReaderServiceReadTreeResponse;
  }

  async search(
    url: string,
    options?: UrlReaderServiceSearchOptions,
  ): Promise<UrlReaderServiceSearchResponse> {
    // Searching a repository reads its archive.
    const guard = this.#guard(url, TREE_LIMITS);
    const response = await guard.run(() => this.#reader.search(url, options));
    return {
      ...response,
      files: response.files.map(file => ({
        url: file.url,
        lastModifiedAt: file.lastModifiedAt,
        content: () => guard.run(() => file.content()),
      })),
    };
  }

  #guard(url: string, limits: OutboundLimits) {
    const context: OutboundContext = { dispatcher: this.#dispatcher, limits };
    const explain = (error: unknown) => explainRefusal(url, context, error);
    return {
      async run<T>(fn: () => Promise<T>): Promise<T> {
        try {
          return await runInOutboundContext(context, fn);
        } catch (error) {
          throw explain(error);
        }
      },
      watch<T extends NodeJS.ReadableStream>(stream: T): T {
        if (stream instanceof Readable) {
          const destroy = stream.destroy.bind(stream);
          stream.destroy = error => destroy(error && (explain(error) as Error));
        }
        return stream;
      },
    };
  }
}

/** Replaces "fetch failed" with what the guard has to say, if it was the guard. */
function explainRefusal(
  url: string,
  { refusal }: OutboundContext,
  error: unknown,
): unknown {
  if (!refusal) {
    return error;
  }
  const message = `Could not read '${withoutCredentials(url)}': ${
    refusal.message
  }`;
  return refusal instanceof OutboundRefusedError
    ? new NotAllowedError(message)
    : new Error(message);
}

function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  parsed.search = '';
  return parsed.toString();
}
