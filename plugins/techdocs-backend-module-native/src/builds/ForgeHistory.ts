import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { FileChange } from '@waystone/docs-renderer';
import type { ForgeService } from '@waystone/integrations';

const TIMEOUT_MILLISECONDS = 3000;

/** Branch and folder in an address of Gitea or GitHub, which may be served below a path. */
const PLACE =
  /^(?:\/[^/]+){2,}?\/(?:src\/branch|src\/tag|src\/commit|tree|blob)\/([^/]+)(?:\/(.*))?$/;

/** Asks a forge who last changed a file, for sources that come without their history. */
export class ForgeHistory {
  readonly #forges: ForgeService;
  readonly #logger: LoggerService;

  constructor(options: {
    readonly forges: ForgeService;
    readonly logger: LoggerService;
  }) {
    this.#forges = options.forges;
    this.#logger = options.logger;
  }

  /**
   * @param folder - Address of the folder that the docs were read from.
   * @param file - Inside of it, or a folder inside of it; empty for all of it.
   * @returns Undefined when no forge knows, or it does not answer within three seconds.
   */
  async lastChange(
    folder: string,
    file: string,
  ): Promise<FileChange | undefined> {
    try {
      const { forge, repository } = this.#forges.forUrl(folder);
      const place = PLACE.exec(new URL(folder).pathname);
      const inside = place?.[2]?.replace(/\/+$/, '');
      const [commit] = await forge.listCommits(repository, {
        ref: place ? decodeURIComponent(place[1]) : undefined,
        path:
          [inside && decodeURIComponent(inside), file]
            .filter(Boolean)
            .join('/') || undefined,
        limit: 1,
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      return (
        commit && {
          updatedAt: new Date(commit.authoredAt).toISOString(),
          updatedBy: commit.author.name,
        }
      );
    } catch (error) {
      this.#logger.debug(
        'A forge did not say who changed a page of docs',
        toError(error),
      );
      return undefined;
    }
  }
}
