import { parse } from 'yaml';
import { z } from 'zod';
import { SandboxStartError } from '../SandboxStartError';
import { createLabelMatcher, matchesAll, parseMatcher } from './LabelMatcher';
import type { LabelMatcher, LabelSet } from './LabelMatcher';

/**
 * A place in the routing tree, with what it inherits.
 *
 * @internal
 */
export interface Route {
  readonly receiver: string;
  readonly groupBy: readonly string[] | 'all';
  readonly matchers: readonly LabelMatcher[];
  readonly continues: boolean;
  readonly routes: readonly Route[];
}

/** @internal */
export interface InhibitRule {
  readonly sources: readonly LabelMatcher[];
  readonly targets: readonly LabelMatcher[];
  readonly equal: readonly string[];
}

/** @internal */
export interface AlertmanagerConfig {
  readonly original: string;
  readonly route: Route;
  readonly receivers: readonly string[];
  readonly inhibitRules: readonly InhibitRule[];
}

const labelSet = z.record(z.string(), z.string()).default({});
const matcherList = z.array(z.string()).default([]);

interface RawRoute {
  readonly receiver?: string;
  readonly group_by?: readonly string[];
  readonly match: LabelSet;
  readonly match_re: LabelSet;
  readonly matchers: readonly string[];
  readonly continue: boolean;
  readonly routes: readonly RawRoute[];
}

const rawRoute: z.ZodType<RawRoute, unknown> = z.object({
  receiver: z.string().optional(),
  group_by: z.array(z.string()).optional(),
  match: labelSet,
  match_re: labelSet,
  matchers: matcherList,
  continue: z.boolean().default(false),
  routes: z.lazy(() => z.array(rawRoute)).default([]),
});

const schema = z.object({
  route: rawRoute,
  receivers: z.array(z.object({ name: z.string() })),
  inhibit_rules: z
    .array(
      z.object({
        source_matchers: matcherList,
        target_matchers: matcherList,
        equal: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

/**
 * Reads a configuration in Alertmanager's own YAML.
 *
 * @throws SandboxStartError that says what is wrong with it.
 */
export function readAlertmanagerConfig(original: string): AlertmanagerConfig {
  const parsed = schema.safeParse(parse(original));
  if (!parsed.success) {
    throw new SandboxStartError(
      `Cannot read the configuration of the sandbox's Alertmanager: ${z.prettifyError(
        parsed.error,
      )}`,
    );
  }
  const { route, receivers, inhibit_rules: inhibitRules } = parsed.data;
  const names = receivers.map(({ name }) => name);
  const root = toRoute(route, { receiver: '', groupBy: [] });
  checkReceivers(root, names);
  return {
    original,
    route: root,
    receivers: names,
    inhibitRules: inhibitRules.map(rule => ({
      sources: rule.source_matchers.map(parseMatcher),
      targets: rule.target_matchers.map(parseMatcher),
      equal: rule.equal,
    })),
  };
}

function toRoute(
  raw: RawRoute,
  inherited: Pick<Route, 'receiver' | 'groupBy'>,
): Route {
  const own = {
    receiver: raw.receiver ?? inherited.receiver,
    groupBy: raw.group_by?.includes('...')
      ? ('all' as const)
      : raw.group_by ?? inherited.groupBy,
  };
  return {
    ...own,
    matchers: [
      ...Object.entries(raw.match).map(([name, value]) =>
        createLabelMatcher({ name, value }),
      ),
      ...Object.entries(raw.match_re).map(([name, value]) =>
        createLabelMatcher({ name, value, isRegex: true }),
      ),
      ...raw.matchers.map(parseMatcher),
    ],
    continues: raw.continue,
    routes: raw.routes.map(child => toRoute(child, own)),
  };
}

function checkReceivers(route: Route, names: readonly string[]): void {
  if (!names.includes(route.receiver)) {
    throw new SandboxStartError(
      `Cannot read the configuration of the sandbox's Alertmanager: undefined receiver "${route.receiver}" used in route`,
    );
  }
  route.routes.forEach(child => checkReceivers(child, names));
}

/** The routes that take an alert: of each branch the deepest that fits, and no sibling after it unless it continues. */
export function findRoutes(route: Route, labels: LabelSet): Route[] {
  if (!matchesAll(route.matchers, labels)) {
    return [];
  }
  const found: Route[] = [];
  for (const child of route.routes) {
    const matched = findRoutes(child, labels);
    found.push(...matched);
    if (matched.length > 0 && !child.continues) {
      break;
    }
  }
  return found.length > 0 ? found : [route];
}
