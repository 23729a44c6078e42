import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type {
  EntityScorecard,
  EntityScorecardsResponse,
  Freshness,
  ScorecardsResponse,
  ScorecardSummary,
} from '@waystone/plugin-governance-common';
import type { EntityDirectory } from '../model/EntityDirectory';
import type { FindingsReader } from '../service/FindingsReader';
import { createFacts } from './createFacts';
import type { FactSources } from './createFacts';
import { appliesTo, evaluate } from './evaluate';
import type { ScorecardDefinition } from './ScorecardDefinition';

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
    const factsOf = createFacts(this.#sources);
    return {
      items: this.#scorecards.map(scorecard =>
        summarize(
          scorecard,
          entities
            .filter(entity => appliesTo(scorecard, entity))
            .map(entity => ({
              owner: entity.owner ?? '',
              card: evaluate(scorecard, factsOf(entity)),
            })),
        ),
      ),
      freshness: this.#freshness,
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
    teams.set(result.owner, [...(teams.get(result.owner) ?? []), result]);
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
      .map(({ id, level, title: checkTitle }) => {
        const count = (wanted: string) =>
          results.filter(({ card }) =>
            card.checks.some(
              check => check.id === id && check.result === wanted,
            ),
          ).length;
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
