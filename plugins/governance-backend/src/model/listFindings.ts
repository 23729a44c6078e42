import { SEVERITIES } from '@waystone/plugin-governance-common';
import type {
  FindingsFacets,
  FindingsQuery,
  FindingsSummary,
  Group,
  GroupsQuery,
  Severity,
  SeverityCounts,
} from '@waystone/plugin-governance-common';
import { compareText } from './compareText';
import { countFacets } from './countFacets';
import type { DueDates } from './DueDates';
import type { Finding } from './Finding';
import { selectPage } from './selectPage';

const RANK: Readonly<Record<Severity, number>> = {
  critical: 0,
  high: 1,
  medium: 2,
  low: 3,
  unknown: 4,
};

/** What lists need besides the findings. */
export interface ListContext {
  readonly due: DueDates;
  /** Whether the caller may see everything. */
  readonly seesAll?: boolean;
  /** Whether the caller may see what belongs to an entity, or to none. */
  readonly isVisible: (entityRef: string | undefined) => boolean;
}

/** A page of findings; how each is told is up to the caller. */
export interface FindingList<T> {
  readonly items: readonly T[];
  readonly totalItems: number;
  readonly pageInfo: { readonly nextCursor?: string };
  readonly summary: FindingsSummary;
  readonly facets: FindingsFacets;
}

/** Filters, counts, sorts and pages what the caller may see. */
export function listFindings<T extends Finding>(
  findings: readonly T[],
  query: FindingsQuery,
  context: ListContext,
): FindingList<T> {
  const now = Date.now();
  const matches = createFilter(query, context.due, now);
  const visible = context.seesAll
    ? findings
    : findings.filter(({ placed }) =>
        context.isVisible(placed.subject.entityRef),
      );
  const found = visible.filter(matches);
  const start = query.cursor ? Number(query.cursor) : 0;
  const end = start + query.limit;
  return {
    summary: summarize(found, context.due, now),
    totalItems: found.length,
    items: selectPage(found, compareBy(query, context.due), start, end),
    pageInfo: end < found.length ? { nextCursor: String(end) } : {},
    facets: countFacets(visible),
  };
}

/** Groups what the caller may see; the worst first. */
export function groupFindings(
  findings: readonly Finding[],
  query: GroupsQuery,
  context: ListContext,
): {
  readonly items: Group[];
  readonly totalItems: number;
  readonly pageInfo: { readonly nextCursor?: string };
} {
  const now = Date.now();
  const matches = createFilter(query, context.due, now);
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (
      (context.seesAll ||
        context.isVisible(finding.placed.subject.entityRef)) &&
      matches(finding)
    ) {
      const value = groupOf(finding, query.by);
      const group = groups.get(value);
      if (group) {
        group.push(finding);
      } else {
        groups.set(value, [finding]);
      }
    }
  }
  const ranked = [...groups].map(([value, members]) => ({
    value,
    members,
    weights: weigh(members),
  }));
  const start = query.cursor ? Number(query.cursor) : 0;
  const end = start + query.limit;
  const page = selectPage(
    ranked,
    (a, b) =>
      compareWeights(a.weights, b.weights) || compareText(a.value, b.value),
    start,
    end,
  );
  return {
    items: page.map(({ members, value }) =>
      describeGroup(value, members, query.by, context.due, now),
    ),
    totalItems: ranked.length,
    pageInfo: end < ranked.length ? { nextCursor: String(end) } : {},
  };
}

/** Counts findings by severity, and how many are past due. */
export function summarize(
  findings: Iterable<Finding>,
  due: DueDates,
  now = Date.now(),
): FindingsSummary {
  const severities = noCounts();
  const services = new Set<string>();
  let overdue = 0;
  for (const finding of findings) {
    severities[finding.severity] += 1;
    const { entityRef } = finding.placed.subject;
    if (entityRef) {
      services.add(entityRef);
    }
    if (isOverdue(finding, due, now)) {
      overdue += 1;
    }
  }
  return { severities, overdue, services: services.size };
}

/** Whether it should have been repaired by now. */
export function isOverdue(
  finding: Pick<Finding, 'severity' | 'since'>,
  due: DueDates,
  now: number,
): boolean {
  return (due.of(finding) ?? Infinity) < now;
}

function noCounts(): SeverityCounts {
  return { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
}

type Filter = Omit<FindingsQuery, 'sort' | 'order' | 'limit' | 'cursor'>;

function createFilter(filter: Filter, due: DueDates, now: number) {
  const set = (values: readonly string[] | undefined) =>
    values && new Set(values);
  const severities = set(filter.severity);
  const owners = set(filter.owner);
  const systems = set(filter.system);
  const environments = set(filter.environment);
  const clusters = set(filter.cluster);
  const entities = set(filter.entity);
  const keys = set(filter.key);
  const { fixable, overdue } = filter;
  const search = filter.q && createSearch(filter.q.toLocaleLowerCase('en-US'));
  return (finding: Finding): boolean => {
    const { subject } = finding.placed;
    return (
      (!severities || severities.has(finding.severity)) &&
      (!keys || keys.has(finding.key)) &&
      (!owners || owners.has(subject.owner ?? '')) &&
      (!systems || systems.has(subject.system ?? '')) &&
      (!environments || environments.has(subject.environment ?? '')) &&
      (!clusters || clusters.has(subject.cluster)) &&
      (!entities || entities.has(subject.entityRef ?? '')) &&
      (fixable === undefined || finding.fixable === fixable) &&
      (overdue === undefined || isOverdue(finding, due, now) === overdue) &&
      (!search || search(finding))
    );
  };
}

/** Finds a text in findings; what several findings share is looked at once. */
function createSearch(q: string) {
  const ofSubjects = new Map<object, boolean>();
  const ofTexts = new Map<object, boolean>();
  const look = (
    known: Map<object, boolean>,
    key: object,
    texts: readonly (string | undefined)[],
  ): boolean => {
    const has = texts.join('\n').toLocaleLowerCase('en-US').includes(q);
    known.set(key, has);
    return has;
  };
  // Many thousands are asked: nothing is copied, and texts are gathered only where they are looked at
  return (finding: Finding): boolean => {
    const { placed, sharedText = finding } = finding;
    const ofSubject =
      ofSubjects.get(placed) ??
      look(ofSubjects, placed, [
        placed.subject.name,
        placed.subject.namespace,
        placed.subject.entityRef,
        placed.subject.title,
      ]);
    return (
      ofSubject ||
      (ofTexts.get(sharedText) ??
        look(ofTexts, sharedText, [
          finding.key,
          finding.title,
          finding.message,
          finding.package,
        ]))
    );
  };
}

/** Equal in nothing but by chance: pages must not overlap. */
function compareBy({ order, sort }: FindingsQuery, due: DueDates) {
  const sign = order === 'desc' ? -1 : 1;
  const bySeverity = (a: Finding, b: Finding) =>
    RANK[a.severity] - RANK[b.severity] || (b.score ?? 0) - (a.score ?? 0);
  const primary = {
    severity: bySeverity,
    key: (a: Finding, b: Finding) => compareText(a.key, b.key),
    service: (a: Finding, b: Finding) =>
      compareText(serviceOf(a), serviceOf(b)),
    owner: (a: Finding, b: Finding) =>
      compareText(a.placed.subject.owner ?? '', b.placed.subject.owner ?? ''),
    since: (a: Finding, b: Finding) => a.since - b.since,
    due: (a: Finding, b: Finding) =>
      (due.of(a) ?? Number.MAX_VALUE) - (due.of(b) ?? Number.MAX_VALUE),
  }[sort];
  return (a: Finding, b: Finding) =>
    sign * primary(a, b) ||
    (sort === 'severity' ? 0 : bySeverity(a, b)) ||
    compareText(a.key, b.key) ||
    a.placed.sequence - b.placed.sequence ||
    compareText(a.detail, b.detail);
}

function serviceOf({ placed }: Finding): string {
  return placed.subject.title ?? placed.subject.name;
}

function groupOf(finding: Finding, by: GroupsQuery['by']): string {
  switch (by) {
    case 'service':
      return finding.placed.subject.entityRef ?? '';
    case 'owner':
      return finding.placed.subject.owner ?? '';
    case 'package':
      return finding.package ?? '';
    default:
      return finding.key;
  }
}

function weigh(members: readonly Finding[]): readonly number[] {
  const counts = [0, 0, 0, 0, 0];
  members.forEach(({ severity }) => {
    counts[RANK[severity]] += 1;
  });
  return counts;
}

function compareWeights(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index++) {
    if (a[index] !== b[index]) {
      return b[index] - a[index];
    }
  }
  return 0;
}

function describeGroup(
  value: string,
  members: readonly Finding[],
  by: GroupsQuery['by'],
  due: DueDates,
  now: number,
): Group {
  const { overdue, services, severities } = summarize(members, due, now);
  const [first] = members;
  const since = members.reduce(
    (oldest, each) => Math.min(oldest, each.since),
    Infinity,
  );
  return {
    value,
    title: titleOf(value, first, by),
    count: members.length,
    severities,
    overdue,
    services,
    since: new Date(since).toISOString(),
    ...(by === 'key' && first.fix && { fix: first.fix }),
    ...(by === 'key' && first.url && { url: first.url }),
  };
}

function titleOf(value: string, first: Finding, by: GroupsQuery['by']): string {
  switch (by) {
    case 'key':
      return first.title;
    case 'service':
      return first.placed.subject.title ?? value;
    default:
      return value.slice(value.lastIndexOf('/') + 1);
  }
}

/** The worst severity of some findings. */
export function worstOf(
  counts: Readonly<SeverityCounts>,
): Severity | undefined {
  return SEVERITIES.find(severity => counts[severity] > 0);
}
