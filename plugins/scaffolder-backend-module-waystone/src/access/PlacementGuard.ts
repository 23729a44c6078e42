import type {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Application } from '@waystone/application-model';

/** Decides who may put an application where. */
export class PlacementGuard {
  readonly #catalog: CatalogService;
  readonly #userInfo: UserInfoService;

  constructor(options: {
    readonly catalog: CatalogService;
    readonly userInfo: UserInfoService;
  }) {
    this.#catalog = options.catalog;
    this.#userInfo = options.userInfo;
  }

  /**
   * Checks that somebody belongs to the owner of the application, and that the owner has part in the system in whose
   * namespaces it will run.
   *
   * @throws NotAllowedError
   */
  async check(
    { spec }: { readonly spec: Pick<Application['spec'], 'owner' | 'system'> },
    credentials: BackstageCredentials,
  ): Promise<void> {
    const owner = `group:default/${spec.owner.replace(/^.*[:/]/, '')}`;
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      credentials,
    );
    if (!ownershipEntityRefs.includes(owner)) {
      throw new NotAllowedError(
        `You are not a member of '${owner}', which is to own the application. Choose one of your own teams`,
      );
    }
    const system = await this.#catalog.getEntityByRef(
      `system:default/${spec.system}`,
      { credentials },
    );
    const owners = new Set(
      (system?.relations ?? [])
        .filter(({ type }) => type === 'ownedBy')
        .map(({ targetRef }) => targetRef),
    );
    if (
      !system ||
      (!owners.has(owner) && !(await this.#hasPart(owner, system, credentials)))
    ) {
      throw new NotAllowedError(
        `'${owner}' has no part in the system '${spec.system}'. Choose a system that the team owns or has a component in`,
      );
    }
  }

  async #hasPart(
    owner: string,
    system: Parameters<typeof stringifyEntityRef>[0],
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const { items } = await this.#catalog.queryEntities(
      {
        filter: {
          kind: 'component',
          'relations.ownedBy': owner,
          'relations.partOf': stringifyEntityRef(system),
        },
        fields: ['metadata.name'],
        limit: 1,
      },
      { credentials },
    );
    return items.length > 0;
  }
}
