import type { AuthService } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { TEAM_LEADS_ANNOTATION } from '@waystone/plugin-infrastructure-common';

const REMEMBERED_MS = 30_000;

/** What the catalog says of teams and systems. Remembered for half a minute. */
export class TeamDirectory {
  readonly #catalog: CatalogService;
  readonly #auth: AuthService;
  readonly #answers = new Map<
    string,
    { readonly until: number; readonly answer: Promise<unknown> }
  >();

  constructor(options: {
    readonly catalog: CatalogService;
    readonly auth: AuthService;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
  }

  /** References of who leads a team. */
  async leadsOf(team: string): Promise<readonly string[]> {
    return this.#remember(`leads ${team}`, async credentials => {
      const group = await this.#catalog.getEntityByRef(team, { credentials });
      return (group?.metadata.annotations?.[TEAM_LEADS_ANNOTATION] ?? '')
        .split(',')
        .map(ref => ref.trim().toLocaleLowerCase('en-US'))
        .filter(Boolean);
    });
  }

  /** Whether a team owns a system or something in it. */
  async hasPartIn(team: string, system: string): Promise<boolean> {
    return this.#remember(`part ${team} ${system}`, async credentials => {
      const ref = `system:default/${system}`;
      const found = await this.#catalog.getEntityByRef(ref, { credentials });
      if (!found) {
        return false;
      }
      if (owns(found, team)) {
        return true;
      }
      const { items } = await this.#catalog.getEntities(
        {
          filter: { 'relations.partOf': ref, 'relations.ownedBy': team },
          fields: ['metadata.name'],
          limit: 1,
        },
        { credentials },
      );
      return items.length > 0;
    });
  }

  /** What says in the catalog that it depends on a resource. */
  async dependantsOf(resource: string): Promise<readonly string[]> {
    return this.#remember(`dependants ${resource}`, async credentials => {
      const found = await this.#catalog.getEntityByRef(resource, {
        credentials,
      });
      return (found?.relations ?? [])
        .filter(({ type }) => type === 'dependencyOf')
        .map(({ targetRef }) => targetRef);
    });
  }

  async #remember<T>(
    key: string,
    ask: (
      credentials: Awaited<ReturnType<AuthService['getOwnServiceCredentials']>>,
    ) => Promise<T>,
  ): Promise<T> {
    const known = this.#answers.get(key);
    if (known && known.until > Date.now()) {
      return known.answer as Promise<T>;
    }
    if (this.#answers.size > 1000) {
      this.#answers.clear();
    }
    const answer = this.#auth.getOwnServiceCredentials().then(ask);
    this.#answers.set(key, { until: Date.now() + REMEMBERED_MS, answer });
    answer.catch(() => this.#answers.delete(key));
    return answer;
  }
}

function owns(entity: Entity, team: string): boolean {
  const { kind, namespace, name } = parseEntityRef(team);
  return (entity.relations ?? []).some(
    ({ type, targetRef }) =>
      type === 'ownedBy' && targetRef === `${kind}:${namespace}/${name}`,
  );
}
