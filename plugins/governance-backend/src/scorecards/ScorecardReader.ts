import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type {
  EntityScorecard,
  EntityScorecardsResponse,
  Freshness,
  ScorecardsResponse,
  ScorecardSummary,
} from '@waystone/plugin-governance-common';
import type { EntityDirectory, GovernedEntity } from '../model/EntityDirectory';
import type { Finding } from '../model/Finding';
import type { FindingsReader } from '../service/FindingsReader';
import { createFacts } from './createFacts';
import type { FactSources } from './createFacts';
import { appliesTo, evaluate } from './evaluate';
import type { ScorecardDefinition } from './ScorecardDefinition';

/** Secrets and other pillars are looked at again after so long. */
const KEPT_FOR_MS = 10_000;

interface Evaluated {
  readonly at: number;
  readonly violations: readonly Finding[];
  readonly vulnerabilities: readonly Finding[];
  readonly factsOf: ReturnType<typeof createFacts>;
  readonly cards: WeakMap<
    GovernedEntity,
    readonly (EntityScorecard | undefined)[]
  >;
}

interface Result {
  readonly owner: string;
  readonly card: EntityScorecard;
}

/** Tells how services do, one and all of those that the caller may see. */
export class ScorecardReader {
  readonly #directory: Pick<EntityDirectory, 'entities' | 'get'>;
  readonly #findings: Pick<FindingsReader, 'scope'>;
  readonly #scorecards: readonly ScorecardDefinition[];
  readonly #sources: FactSources;
  #evaluated?: Evaluated;

  constructor(options: {
    readonly directory: Pick<EntityDirectory, 'entities' | 'get'>;
    readonly findings: Pick<FindingsReader, 'scope'>;
    readonly scorecards: readonly ScorecardDefinition[];
    readonly sources: FactSources;
  }) {
    this.#directory = options.directory;
    this.#findings = options.findings;
    this.#scorecards = options.scorecards;
    this.#sources = options.sources;
  }

  /** @throws NotFoundError the same for what is not there and for what may not be seen. */
  async entity(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<EntityScorecardsResponse> {
    const entity = this.#directory.get(entityRef);
    const { includes } = await this.#findings.scope(credentials);
    if (!entity || !includes(entityRef)) {
      throw new NotFoundError(`No scorecards of '${entityRef}' are known`);
    }
    const facts = createFacts(this.#sources)(entity);
    return {
      entityRef,
      items: this.#scorecards
        .filter(scorecard => appliesTo(scorecard, entity))
        .map(scorecard => evaluate(scorecard, facts)),
      freshness: this.#freshness,
    };
  }

  /** All scorecards, over all services or those of one team. */
  async all(
    owner: string | undefined,
    credentials: BackstageCredentials,
  ): Promise<ScorecardsResponse> {
    const { includes } = await this.#findings.scope(credentials);
    const entities = this.#directory.entities.filter(
      entity =>
        includes(entity.entityRef) && (!owner || entity.owner === owner),
    );
    const cardsOf = this.#evaluateAll();
    return {
      items: this.#scorecards.map((scorecard, index) =>
        summarize(
          scorecard,
          entities.flatMap(entity => {
            const card = cardsOf(entity)[index];
            return card ? [{ owner: entity.owner ?? '', card }] : [];
          }),
        ),
      ),
      freshness: this.#freshness,
    };
  }

  /** How each entity does, found out when somebody asks and kept as long as nothing has changed. */
  #evaluateAll(): (
    entity: GovernedEntity,
  ) => readonly (EntityScorecard | undefined)[] {
    const { violations, vulnerabilities } = this.#sources.model;
    const now = Date.now();
    let known = this.#evaluated;
    if (
      !known ||
      now - known.at > KEPT_FOR_MS ||
      known.violations !== violations.findings ||
      known.vulnerabilities !== vulnerabilities.findings
    ) {
      known = {
        at: now,
        violations: violations.findings,
        vulnerabilities: vulnerabilities.findings,
        factsOf: createFacts(this.#sources),
        cards: new WeakMap(),
      };
      this.#evaluated = known;
    }
    const { cards, factsOf } = known;
    return entity => {
      let own = cards.get(entity);
      if (!own) {
        const facts = factsOf(entity);
        own = this.#scorecards.map(scorecard =>
          appliesTo(scorecard, entity) ? evaluate(scorecard, facts) : undefined,
        );
        cards.set(entity, own);
      }
      return own;
    };
  }

  get #freshness(): Freshness[] {
    const { model, pillars } = this.#sources;
    return [
      ...model.policyFreshness,
      ...model.scanFreshness,
      ...pillars.freshness,
    ];
  }
}

function summarize(
  { checks, description, levels, name, title }: ScorecardDefinition,
  results: readonly Result[],
): ScorecardSummary {
  const teams = new Map<string, Result[]>();
  for (const result of results) {
    const team = teams.get(result.owner);
    if (team) {
      team.push(result);
    } else {
      teams.set(result.owner, [result]);
    }
  }
  const countLevels = (of: readonly Result[]) =>
    [...levels]
      .reverse()
      .concat('')
      .map(level => ({
        level,
        count: of.filter(({ card }) => (card.level ?? '') === level).length,
      }));
  return {
    name,
    title,
    description,
    levels,
    services: results.length,
    counts: countLevels(results),
    checks: checks
      .map(({ id, level, title: checkTitle }, index) => {
        const count = (wanted: string) =>
          results.filter(({ card }) => card.checks[index].result === wanted)
            .length;
        return {
          id,
          title: checkTitle,
          level,
          passed: count('pass'),
          failed: count('fail'),
          unknown: count('unknown'),
        };
      })
      .sort((a, b) => b.failed - a.failed),
    teams: [...teams]
      .map(([owner, of]) => ({
        owner,
        services: of.length,
        counts: countLevels(of),
      }))
      .sort((a, b) => (a.owner < b.owner ? -1 : 1)),
  };
}
