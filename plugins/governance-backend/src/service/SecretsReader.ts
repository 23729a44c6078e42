import type {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Denials } from '@waystone/access';
import { governanceSecretReadPermission } from '@waystone/plugin-governance-common';
import type {
  SecretsQuery,
  SecretsResponse,
} from '@waystone/plugin-governance-common';
import { compareText } from '../model/compareText';
import type { EntityDirectory } from '../model/EntityDirectory';
import type { SecretDirectory } from '../secrets/SecretDirectory';

/** How many entities are asked about at once. */
const CHUNK = 200;

/** Answers what is asked of secrets, with what the caller may see. */
export class SecretsReader {
  readonly #denials: Pick<Denials, 'note'>;
  readonly #directory: Pick<EntityDirectory, 'entities' | 'get'>;
  readonly #permissions: PermissionsService;
  readonly #secrets: SecretDirectory;

  constructor(options: {
    readonly denials: Pick<Denials, 'note'>;
    readonly directory: Pick<EntityDirectory, 'entities' | 'get'>;
    readonly permissions: PermissionsService;
    readonly secrets: SecretDirectory;
  }) {
    this.#denials = options.denials;
    this.#directory = options.directory;
    this.#permissions = options.permissions;
    this.#secrets = options.secrets;
  }

  /** @throws NotFoundError for an entity whose secrets one may not see, as for one that is not there. */
  async list(
    query: SecretsQuery,
    credentials: BackstageCredentials,
  ): Promise<SecretsResponse> {
    const candidates = query.entity
      ? [query.entity]
      : this.#directory.entities
          .filter(
            ({ entityRef, owner }) =>
              (!query.owner || owner === query.owner) &&
              this.#secrets.of(entityRef).length > 0,
          )
          .map(({ entityRef }) => entityRef);
    const visible = await this.#visible(candidates, credentials);
    if (
      query.entity &&
      (visible.length === 0 || !this.#directory.get(query.entity))
    ) {
      if (this.#secrets.of(query.entity).length > 0) {
        // That there are any is nothing to tell her, and something to tell the auditors.
        await this.#denials.note(
          {
            permission: governanceSecretReadPermission.name,
            resource: query.entity,
          },
          credentials,
        );
      }
      throw new NotFoundError(
        `No secrets of '${query.entity}' are known. An entity says where they are by the annotation 'vault.io/secrets-path'`,
      );
    }
    const q = query.q?.toLocaleLowerCase('en-US');
    const items = visible
      .flatMap(entityRef => this.#secrets.of(entityRef))
      .filter(
        ({ overdue, path, title }) =>
          (query.due === undefined || overdue === query.due) &&
          (!q || `${path}\n${title}`.toLocaleLowerCase('en-US').includes(q)),
      )
      .sort(
        (a, b) =>
          compareText(a.rotationDue ?? '~', b.rotationDue ?? '~') ||
          compareText(a.path, b.path),
      );
    return {
      items,
      totalItems: items.length,
      overdue: items.filter(({ overdue }) => overdue).length,
      freshness: [...this.#secrets.freshness],
    };
  }

  async #visible(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<readonly string[]> {
    const visible: string[] = [];
    for (let start = 0; start < entityRefs.length; start += CHUNK) {
      const chunk = entityRefs.slice(start, start + CHUNK);
      const decisions = await this.#permissions.authorize(
        chunk.map(resourceRef => ({
          permission: governanceSecretReadPermission,
          resourceRef,
        })),
        { credentials },
      );
      visible.push(
        ...chunk.filter(
          (_, index) => decisions[index].result === AuthorizeResult.ALLOW,
        ),
      );
    }
    return visible;
  }
}
