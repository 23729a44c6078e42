import type { UrlReaderService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

/** What the archive of a repository may unpack to. */
export interface SourceLimits {
  readonly bytes: number;
  readonly files: number;
}

/**
 * Reads repositories up to a size: an archive of a few kilobytes may unpack to more than the disk holds. Repositories
 * inside of an archive are left out.
 */
export function limitSource(
  reader: UrlReaderService,
  limits: SourceLimits,
): UrlReaderService {
  return {
    readUrl: (url, options) => reader.readUrl(url, options),
    search: (url, options) => reader.search(url, options),
    readTree: (url, options) => {
      let bytes = 0;
      let files = 0;
      return reader.readTree(url, {
        ...options,
        filter: (path, info) => {
          if (path.split('/').includes('.git')) return false;
          if (options?.filter && !options.filter(path, info)) return false;
          bytes += info?.size ?? 0;
          files += 1;
          if (bytes > limits.bytes || files > limits.files) {
            throw new InputError(
              `The repository is too large for its docs to be read: up to ${
                limits.files
              } files and ${Math.floor(
                limits.bytes / 1024 / 1024,
              )} MB are. Name the folder of the docs in backstage.io/techdocs-ref, or build the docs in CI.`,
            );
          }
          return true;
        },
      });
    },
  };
}
