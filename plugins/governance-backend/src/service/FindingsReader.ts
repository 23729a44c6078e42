import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type {
  FindingsQuery,
  GroupsQuery,
  GroupsResponse,
  MisconfigurationsResponse,
  PoliciesResponse,
  ServiceGovernance,
  TrendQuery,
  TrendResponse,
  ViolationsResponse,
  VulnerabilitiesResponse,
} from '@waystone/plugin-governance-common';
import type { VisibleEntities, VisibleScope } from '@waystone/read-models';
import type { TrendStore } from '../history/TrendStore';
import {
  describeMisconfiguration,
  describeViolation,
  describeVulnerability,
} from '../model/describeFinding';
import { describeService } from '../model/describeService';
import type { DueDates } from '../model/DueDates';
import type { EntityDirectory } from '../model/EntityDirectory';
import type { FindingType } from '../model/Finding';
import type { GovernanceModel } from '../model/GovernanceModel';
import { groupFindings, listFindings } from '../model/listFindings';
import type { ListContext } from '../model/listFindings';

/** Answers what is asked of the findings, with what the caller may see. */
export class FindingsReader {
  readonly #directory: Pick<EntityDirectory, 'entities' | 'get'>;
  readonly #due: DueDates;
  readonly #model: GovernanceModel;
  readonly #trend: TrendStore;
  readonly #visible: VisibleEntities;

  constructor(options: {
    readonly directory: Pick<EntityDirectory, 'entities' | 'get'>;
    readonly due: DueDates;
    readonly model: GovernanceModel;
    readonly trend: TrendStore;
    readonly visible: VisibleEntities;
  }) {
    this.#directory = options.directory;
    this.#due = options.due;
    this.#model = options.model;
    this.#trend = options.trend;
    this.#visible = options.visible;
  }

  async violations(
    query: FindingsQuery,
    credentials: BackstageCredentials,
  ): Promise<ViolationsResponse> {
    const { violations } = this.#model;
    const scope = await this.scope(credentials);
    const list = listFindings(
      violations.findings,
      query,
      this.#contextOf(scope),
    );
    return {
      ...list,
      items: list.items.map(item => describeViolation(item, this.#due)),
      // Whose the rest are is not known, so only who may see all is told.
      capped: scope.entityRefs ? [] : [...violations.capped],
      freshness: [...this.#model.policyFreshness],
    };
  }

  async vulnerabilities(
    query: FindingsQuery,
    credentials: BackstageCredentials,
  ): Promise<VulnerabilitiesResponse> {
    const list = listFindings(
      this.#model.vulnerabilities.findings,
      query,
      this.#contextOf(await this.scope(credentials)),
    );
    return {
      ...list,
      items: list.items.map(item => describeVulnerability(item, this.#due)),
      freshness: [...this.#model.scanFreshness],
    };
  }

  async misconfigurations(
    query: FindingsQuery,
    credentials: BackstageCredentials,
  ): Promise<MisconfigurationsResponse> {
    const list = listFindings(
      this.#model.misconfigurations.findings,
      query,
      this.#contextOf(await this.scope(credentials)),
    );
    return {
      ...list,
      items: list.items.map(item => describeMisconfiguration(item, this.#due)),
      freshness: [...this.#model.scanFreshness],
    };
  }

  async groups(
    type: FindingType,
    query: GroupsQuery,
    credentials: BackstageCredentials,
  ): Promise<GroupsResponse> {
    const { misconfigurations, violations, vulnerabilities } = this.#model;
    const set = {
      violation: violations,
      vulnerability: vulnerabilities,
      misconfiguration: misconfigurations,
    }[type];
    return {
      ...groupFindings(
        set.findings,
        query,
        this.#contextOf(await this.scope(credentials)),
      ),
      freshness: [
        ...(type === 'violation'
          ? this.#model.policyFreshness
          : this.#model.scanFreshness),
      ],
    };
  }

  /** Every policy, with how many violations the caller may see. */
  async policies(credentials: BackstageCredentials): Promise<PoliciesResponse> {
    const { includes } = await this.scope(credentials);
    const counts = new Map<string, { count: number; services: Set<string> }>();
    for (const { engine, key, placed } of this.#model.violations.findings) {
      const { entityRef } = placed.subject;
      if (includes(entityRef)) {
        const id = `${engine} ${key}`;
        const known = counts.get(id) ?? { count: 0, services: new Set() };
        known.count += 1;
        known.services.add(entityRef ?? placed.key);
        counts.set(id, known);
      }
    }
    const items = this.#model.violations.policies
      .map(policy => {
        const known = counts.get(`${policy.engine} ${policy.name}`);
        return {
          ...policy,
          violations: known?.count ?? 0,
          services: known?.services.size ?? 0,
        };
      })
      .sort(
        (a, b) => b.violations - a.violations || (a.title < b.title ? -1 : 1),
      );
    return {
      items,
      totalItems: items.length,
      freshness: [...this.#model.policyFreshness],
    };
  }

  /** @throws NotFoundError the same for what is not there and for what may not be seen. */
  async service(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<ServiceGovernance> {
    const entity = this.#directory.get(entityRef);
    const { includes } = await this.#visible.scope(
      entity ? [entityRef] : [],
      credentials,
    );
    if (!entity || !includes(entityRef)) {
      throw new NotFoundError(
        `No service '${entityRef}' is known. What is found at a workload belongs to the entity that its label 'backstage.io/kubernetes-id' names`,
      );
    }
    return describeService(entity, this.#model, this.#due);
  }

  async trend(
    { days, entity, owner, type }: TrendQuery,
    credentials: BackstageCredentials,
  ): Promise<TrendResponse> {
    const scope = await this.scope(credentials);
    const subjects = entity
      ? [entity]
      : scope.entityRefs && [...scope.entityRefs];
    return {
      items: [
        ...(await this.#trend.read({
          type,
          days,
          owner,
          subjects: subjects?.filter(subject => scope.includes(subject)),
        })),
      ],
    };
  }

  /** What the caller may see. */
  scope(credentials: BackstageCredentials): Promise<VisibleScope> {
    return this.#visible.scope(
      this.#directory.entities.map(({ entityRef }) => entityRef),
      credentials,
    );
  }

  #contextOf({ entityRefs, includes }: VisibleScope): ListContext {
    return { due: this.#due, seesAll: !entityRefs, isVisible: includes };
  }
}
