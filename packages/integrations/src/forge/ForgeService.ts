import { NotFoundError } from '@backstage/errors';
import type { GitForge } from './GitForge';
import type { RepositoryRef } from './types';

/** All Git forges of the configuration. @public */
export interface ForgeService {
  readonly forges: readonly GitForge[];
  /**
   * The forge and the repository that a URL leads to, such as that of a source location.
   *
   * @throws NotFoundError if no forge of the configuration has it.
   */
  forUrl(url: string): {
    readonly forge: GitForge;
    readonly repository: RepositoryRef;
  };
  /** @throws NotFoundError if no forge has the host. */
  get(host: string): GitForge;
}

/** @internal */
export class DefaultForgeService implements ForgeService {
  readonly forges: readonly GitForge[];

  constructor(forges: readonly GitForge[]) {
    this.forges = forges;
  }

  forUrl(url: string) {
    for (const forge of this.forges) {
      const repository = forge.parseUrl(url);
      if (repository) {
        return { forge, repository };
      }
    }
    throw new NotFoundError(
      `No Git forge in 'integrations' for '${withoutSecrets(
        url,
      )}'; there are: ${this.#names()}`,
    );
  }

  get(host: string): GitForge {
    const forge = this.forges.find(item => item.instance === host);
    if (!forge) {
      throw new NotFoundError(
        `No Git forge '${host}' in 'integrations'; there are: ${this.#names()}`,
      );
    }
    return forge;
  }

  #names(): string {
    return this.forges.map(({ instance }) => instance).join(', ') || 'none';
  }
}

function withoutSecrets(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname}`;
  } catch {
    return 'what is no URL';
  }
}
