import type { RuleGroup, ActiveAlert, RuleState } from '../rules/RuleGroup';
import { invalidParameter, readSelectors } from './parameters';

/**
 * The rules as `/api/v1/rules` shows them.
 *
 * @internal
 */
export function describeGroups(
  groups: readonly RuleGroup[],
  parameters: URLSearchParams,
) {
  const type = parameters.get('type') ?? '';
  if (!['', 'alert', 'record'].includes(type.toLowerCase())) {
    throw invalidParameter('type', `not supported value "${type}"`);
  }
  const excludesAlerts = parameters.get('exclude_alerts') === 'true';
  const wanted = readFilters(parameters);
  const described = groups
    .filter(group => wanted.group(group))
    .map(group => ({
      name: group.definition.name,
      file: group.definition.file,
      rules: group.rules
        .filter(
          rule =>
            wanted.rule(rule) &&
            (type === '' ||
              (type === 'alert') === (rule.definition.type === 'alerting')),
        )
        .map(rule => describeRule(rule, excludesAlerts)),
      interval: group.definition.interval / 1000,
      limit: group.definition.limit,
      evaluationTime: group.evaluationTime,
      lastEvaluation: formatTime(group.lastEvaluation),
    }))
    .filter(({ rules }) => rules.length > 0);
  return paginate(described, parameters);
}

function readFilters(parameters: URLSearchParams) {
  const names = parameters.getAll('rule_name[]');
  const groups = parameters.getAll('rule_group[]');
  const files = parameters.getAll('file[]');
  const selectors = readSelectors(parameters);
  return {
    group: ({ definition }: RuleGroup) =>
      (groups.length === 0 || groups.includes(definition.name)) &&
      (files.length === 0 || files.includes(definition.file)),
    rule: ({ definition }: RuleState) =>
      (names.length === 0 || names.includes(definition.name)) &&
      (selectors.length === 0 ||
        selectors.some(matchers =>
          matchers.every(matcher =>
            matcher.matches(definition.labels[matcher.name] ?? ''),
          ),
        )),
  };
}

function paginate<T extends { readonly name: string; readonly file: string }>(
  groups: readonly T[],
  parameters: URLSearchParams,
): { groups: readonly T[]; groupNextToken?: string } {
  const token = parameters.get('group_next_token');
  const limitText = parameters.get('group_limit');
  if (!limitText) {
    if (token) {
      throw invalidParameter(
        'group_next_token',
        'group_limit needs to be present in order to paginate over the groups',
      );
    }
    return { groups };
  }
  const limit = Number(limitText);
  if (!Number.isInteger(limit) || limit <= 0) {
    throw invalidParameter(
      'group_limit',
      'group_limit needs to be greater than 0',
    );
  }
  const start = token ? groups.findIndex(group => tokenOf(group) === token) : 0;
  if (start < 0) {
    throw invalidParameter(
      'group_next_token',
      `invalid group_next_token '${token}'. were rule groups changed?`,
    );
  }
  const next = groups[start + limit];
  return {
    groups: groups.slice(start, start + limit),
    ...(next && { groupNextToken: tokenOf(next) }),
  };
}

function tokenOf({ name, file }: { name: string; file: string }): string {
  return Buffer.from(`${file};${name}`).toString('hex');
}

function describeRule(rule: RuleState, excludesAlerts: boolean) {
  const { definition, health, lastError, evaluationTime } = rule;
  const common = {
    labels: definition.labels,
    health,
    ...(lastError !== undefined && { lastError }),
    evaluationTime,
    lastEvaluation: formatTime(rule.lastEvaluation),
    type: definition.type,
  };
  if (definition.type === 'recording') {
    return { name: definition.name, query: definition.query, ...common };
  }
  const alerts = activeAlerts(rule);
  return {
    state: stateOf(rule, alerts),
    name: definition.name,
    query: definition.query,
    duration: definition.holdFor / 1000,
    keepFiringFor: definition.keepFiringFor / 1000,
    annotations: definition.annotations,
    alerts: excludesAlerts ? [] : alerts.map(describeAlert),
    ...common,
  };
}

function stateOf(
  { health }: RuleState,
  alerts: readonly ActiveAlert[],
): string {
  if (health === 'unknown') {
    return 'unknown';
  }
  if (alerts.some(({ state }) => state === 'firing')) {
    return 'firing';
  }
  return alerts.length > 0 ? 'pending' : 'inactive';
}

/** The alerts as `/api/v1/alerts` shows them. */
export function describeAlerts(groups: readonly RuleGroup[]) {
  return {
    alerts: groups.flatMap(({ rules }) =>
      rules.flatMap(rule => activeAlerts(rule).map(describeAlert)),
    ),
  };
}

function activeAlerts({ alerts }: RuleState): ActiveAlert[] {
  return [...alerts.values()].filter(({ state }) => state !== 'inactive');
}

function describeAlert(alert: ActiveAlert) {
  return {
    labels: alert.labels.toRecord(),
    annotations: alert.annotations,
    state: alert.state,
    activeAt: formatTime(alert.activeAt),
    ...(alert.keepFiringSince !== undefined && {
      keepFiringSince: formatTime(alert.keepFiringSince),
    }),
    value: formatExponent(alert.value),
  };
}

function formatExponent(value: number): string {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  return Number.isFinite(value)
    ? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
    : `${value > 0 ? '+' : '-'}Inf`;
}

function formatTime(time: number | undefined): string {
  return time === undefined
    ? '0001-01-01T00:00:00Z'
    : new Date(time).toISOString();
}
