import type { KubernetesObject } from '@waystone/integrations';
import type { Severity } from '@waystone/plugin-governance-common';
import { z } from 'zod';
import type { PolicyAction } from './readConstraint';
import { readSeverity } from './readSeverity';
import { shorten } from './shorten';

const policySchema = z.object({
  spec: z
    .object({
      validationFailureAction: z.string().optional(),
      rules: z
        .array(
          z.object({
            validate: z
              .object({ failureAction: z.string().optional() })
              .nullish(),
          }),
        )
        .nullish(),
      // Of the newer family, in CEL
      validationActions: z.array(z.string()).nullish(),
    })
    .nullish(),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** What is kept of a policy of Kyverno. */
export interface ObservedPolicy {
  readonly kind: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly category?: string;
  readonly severity: Severity;
  readonly fix?: string;
  readonly action: PolicyAction;
  readonly problem?: string;
}

/** Reads a ClusterPolicy or a ValidatingPolicy of Kyverno. */
export function readClusterPolicy(
  object: KubernetesObject,
): ObservedPolicy | undefined {
  const parsed = policySchema.safeParse(object);
  if (!parsed.success) {
    return undefined;
  }
  const { spec, status } = parsed.data;
  const { annotations, name } = object.metadata;
  const actions = [
    spec?.validationFailureAction,
    ...(spec?.rules ?? []).map(({ validate }) => validate?.failureAction),
    ...(spec?.validationActions ?? []),
  ].map(action => action?.toLocaleLowerCase('en-US'));
  const notReady = status?.conditions?.find(
    condition => condition.type === 'Ready' && condition.status === 'False',
  );
  const note = (key: string) => shorten(annotations?.[key]);
  return {
    kind: object.kind ?? 'ClusterPolicy',
    name,
    title: note('policies.kyverno.io/title'),
    description: note('policies.kyverno.io/description'),
    category: note('policies.kyverno.io/category'),
    severity: readSeverity(
      annotations?.['policies.kyverno.io/severity'],
      'medium',
    ),
    fix: note('waystone.dev/fix'),
    action:
      (actions.some(action => action === 'enforce' || action === 'deny') &&
        'deny') ||
      (actions.includes('warn') ? 'warn' : 'audit'),
    problem: shorten(notReady?.message),
  };
}
