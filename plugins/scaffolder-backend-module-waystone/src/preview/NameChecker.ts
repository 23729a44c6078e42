import type { AuthService } from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { ForgeService } from '@waystone/integrations';
import type { NameCheck } from '@waystone/plugin-golden-paths-common';
import type { GoldenPathConfig } from '../config/GoldenPathConfig';
import { messageOf } from '../infrastructure/messageOf';

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LEAST = 3;
const MOST = 40;

/** Says whether a name can be taken. */
export class NameChecker {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #config: Pick<GoldenPathConfig, 'forge' | 'organization'>;
  readonly #forges: ForgeService;

  constructor(options: {
    readonly auth: AuthService;
    readonly catalog: CatalogService;
    readonly config: Pick<GoldenPathConfig, 'forge' | 'organization'>;
    readonly forges: ForgeService;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#config = options.config;
    this.#forges = options.forges;
  }

  /** @param host - of the forge; the default one without it */
  async check(name: string, host?: string): Promise<NameCheck> {
    if (!NAME.test(name) || name.length < LEAST || name.length > MOST) {
      return refuse(
        `Use ${LEAST} to ${MOST} characters: lower-case words joined by hyphens`,
      );
    }
    // Also what one may not see has taken its name
    const credentials = await this.#auth.getOwnServiceCredentials();
    const entity = await this.#catalog.getEntityByRef(
      `component:default/${name}`,
      { credentials },
    );
    if (entity) {
      return refuse(`There is a component '${name}' in the catalog already`);
    }
    const { forge: standard, organization } = this.#config;
    const wanted = host ?? standard;
    const forge = wanted ? this.#forges.get(wanted) : this.#forges.forges[0];
    if (forge && organization) {
      try {
        const ref = { owner: organization, name };
        if (await forge.findRepository(ref)) {
          return refuse(
            `There is a repository '${organization}/${name}' already`,
          );
        }
      } catch (error) {
        return refuse(
          `The Git server cannot be asked now: ${messageOf(error)}`,
        );
      }
    }
    return { available: true };
  }
}

function refuse(problem: string): NameCheck {
  return { available: false, problem };
}
