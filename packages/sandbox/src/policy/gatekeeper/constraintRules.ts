import { RE2JS } from 're2js';
import { parseQuantity } from '../../kubernetes/controllers/quantities';
import { formatRego } from './formatRego';
import { podSecurityRules } from './podSecurityRules';
import type { ConstraintRule, ReviewedContainer } from './Review';
import { containersOf, isExempt } from './Review';

const requiredLabels: ConstraintRule = ({ object }, parameters) => {
  const labels = object.metadata.labels ?? {};
  const wanted = (parameters.labels ?? []) as (
    | string
    | { key: string; allowedRegex?: string }
  )[];
  const entries = wanted.map(entry =>
    typeof entry === 'string' ? { key: entry } : entry,
  ) as { key: string; allowedRegex?: string }[];
  const missing = entries.filter(({ key }) => !(key in labels));
  const say = (text: string) => (parameters.message as string) ?? text;
  return [
    ...(missing.length > 0
      ? [
          say(
            `you must provide labels: ${formatRego(
              new Set(missing.map(({ key }) => key)),
            )}`,
          ),
        ]
      : []),
    ...entries
      .filter(
        ({ key, allowedRegex }) =>
          key in labels &&
          allowedRegex &&
          !RE2JS.compile(allowedRegex).matcher(labels[key]).find(),
      )
      .map(({ key, allowedRegex }) =>
        say(
          `Label <${key}: ${labels[key]}> does not satisfy allowed regex: ${allowedRegex}`,
        ),
      ),
  ];
};

const allowedRepos: ConstraintRule = ({ object }, { repos = [] }) =>
  containersOf(object)
    .filter(
      ({ image }) => !(repos as string[]).some(repo => image.startsWith(repo)),
    )
    .map(
      ({ name, image, role }) =>
        `${role} <${name}> has an invalid image repo <${image}>, allowed repos are ${formatRego(
          repos,
        )}`,
    );

const disallowedTags: ConstraintRule = ({ object }, parameters) => {
  const tags = (parameters.tags ?? []) as string[];
  return containersOf(object)
    .filter(container => !isExempt(container, parameters))
    .flatMap(({ name, image }) => [
      ...(tags.some(tag => image.endsWith(`:${tag}`))
        ? [
            `container <${name}> uses a disallowed tag <${image}>; disallowed tags are ${formatRego(
              tags,
            )}`,
          ]
        : []),
      ...(image.slice(image.lastIndexOf('/') + 1).includes(':')
        ? []
        : [`container <${name}> didn't specify an image tag <${image}>`]),
    ]);
};

const containerLimits: ConstraintRule = ({ object }, parameters) =>
  containersOf(object)
    .filter(container => !isExempt(container, parameters))
    .flatMap(({ name, resources }) => {
      const limits = resources?.limits;
      if (!limits) {
        return [`container <${name}> has no resource limits`];
      }
      return (['cpu', 'memory'] as const).flatMap(resource => {
        const limit = limits[resource];
        const most = parameters[resource] as string | undefined;
        if (limit === undefined) {
          return [`container <${name}> has no ${resource} limit`];
        }
        return most !== undefined && parseQuantity(limit) > parseQuantity(most)
          ? [
              `container <${name}> ${resource} limit <${limit}> is higher than the maximum allowed of <${most}>`,
            ]
          : [];
      });
    });

const requiredProbes: ConstraintRule = (
  { object, operation },
  { probes = [], probeTypes = [] },
) =>
  operation === 'UPDATE'
    ? []
    : ((object.spec?.containers ?? []) as ReviewedContainer[]).flatMap(
        container =>
          (probes as string[])
            .filter(probe => {
              const value = container[probe] as object | undefined;
              return !(probeTypes as string[]).some(
                type => value && type in value,
              );
            })
            .map(
              probe =>
                `Container <${container.name}> in your <${object.kind}> <${object.metadata.name}> has no <${probe}>`,
            ),
      );

const allowedValues: ConstraintRule = ({ object }, { field, values = [] }) => {
  let value: any = object;
  for (const name of (field as string).split('.')) {
    value = value?.[name];
  }
  return value === undefined || (values as unknown[]).includes(value)
    ? []
    : [
        `${field}: <${value}> is not allowed here, allowed are ${formatRego(
          new Set(values as unknown[]),
        )}`,
      ];
};

const ingressTls: ConstraintRule = ({ object }) => {
  const { rules = [], tls } = (object.spec ?? {}) as {
    rules?: { host?: string }[];
    tls?: { hosts?: string[] }[];
  };
  const { name } = object.metadata;
  if (!tls) {
    return [`Ingress <${name}> has no spec.tls`];
  }
  const encrypted = tls.flatMap(({ hosts = [] }) => hosts);
  return rules
    .flatMap(({ host }) => host ?? [])
    .filter(host => !encrypted.includes(host))
    .map(
      host =>
        `Ingress <${name}> serves <${host}> without TLS: it is not in spec.tls`,
    );
};

const requiredSelection: ConstraintRule = (
  { object, neighbours },
  { apiVersion, kind, minimumReplicas = 0 },
) => {
  const labels = object.spec?.template?.metadata?.labels ?? {};
  const isSelected = neighbours?.({ apiVersion, kind }).some(({ spec }) =>
    Object.entries(
      (spec?.podSelector ?? spec?.selector)?.matchLabels ?? {},
    ).every(([label, value]) => labels[label] === value),
  );
  return (object.spec?.replicas ?? 1) < minimumReplicas || isSelected
    ? []
    : [`no <${kind}> selects the pods of <${object.metadata.name}>`];
};

/**
 * The templates that the sandbox can check, by the kind of their constraints. Messages are those of the Gatekeeper
 * library (github.com/open-policy-agent/gatekeeper-library), and those of our own templates.
 *
 * @internal
 */
export const CONSTRAINT_RULES: Readonly<Record<string, ConstraintRule>> = {
  K8sRequiredLabels: requiredLabels,
  K8sAllowedRepos: allowedRepos,
  K8sDisallowedTags: disallowedTags,
  K8sContainerLimits: containerLimits,
  K8sRequiredProbes: requiredProbes,
  WaystoneAllowedValues: allowedValues,
  WaystoneIngressTls: ingressTls,
  WaystoneRequiredSelection: requiredSelection,
  ...podSecurityRules,
};
