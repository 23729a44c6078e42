import type { KubernetesObject } from '@waystone/integrations';
import type { Severity } from '@waystone/plugin-governance-common';
import { z } from 'zod';
import { readSeverity } from './readSeverity';
import { readTime } from './readTime';
import { MOST_TEXT, shorten } from './shorten';

const violationSchema = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  message: z.string().default(''),
});

const constraintSchema = z.object({
  spec: z.object({ enforcementAction: z.string().optional() }).nullish(),
  // The definition does not say what is in it.
  status: z
    .object({
      auditTimestamp: z.string().optional(),
      totalViolations: z.number().optional(),
      violations: z.array(z.unknown()).nullish(),
      byPod: z
        .array(
          z.object({
            errors: z
              .array(z.object({ message: z.string().optional() }))
              .nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

/** What a cluster does with who breaks a policy. */
export type PolicyAction = 'deny' | 'warn' | 'audit';

/** An object that breaks a policy. */
export interface ObservedViolation {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly message: string;
}

/** What is kept of a constraint of Gatekeeper. */
export interface ObservedConstraint {
  readonly kind: string;
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly severity: Severity;
  readonly fix?: string;
  readonly action: PolicyAction;
  /** Undefined before the first audit: that is not none. */
  readonly total?: number;
  readonly auditedAt?: string;
  /** At most as many as Gatekeeper lists: 20, unless it is told otherwise. */
  readonly violations: readonly ObservedViolation[];
  readonly problem?: string;
}

/**
 * Reads a constraint of Gatekeeper 3. What is not as expected is left out.
 *
 * @see https://open-policy-agent.github.io/gatekeeper/website/docs/audit
 */
export function readConstraint(
  object: KubernetesObject,
): ObservedConstraint | undefined {
  const parsed = constraintSchema.safeParse(object);
  if (!parsed.success) {
    return undefined;
  }
  const { spec, status } = parsed.data;
  const { annotations, name } = object.metadata;
  const action = readAction(spec?.enforcementAction);
  const problem = status?.byPod
    ?.flatMap(({ errors }) => errors ?? [])
    .map(({ message }) => message)
    .find(message => message);
  return {
    kind: object.kind ?? '',
    name,
    title: shorten(annotations?.['waystone.dev/title']),
    description: shorten(annotations?.description),
    severity: readSeverity(
      annotations?.['waystone.dev/severity'],
      { deny: 'high', warn: 'medium', audit: 'low' }[action] as Severity,
    ),
    fix: shorten(annotations?.['waystone.dev/fix']),
    action,
    total: status?.totalViolations,
    auditedAt: readTime(status?.auditTimestamp),
    violations: (status?.violations ?? []).flatMap(each => {
      const violation = violationSchema.safeParse(each);
      return violation.success
        ? {
            ...violation.data,
            message: violation.data.message.slice(0, MOST_TEXT),
          }
        : [];
    }),
    problem: shorten(problem),
  };
}

/** `scoped` differs from place to place; it may refuse, so that is what is said. */
function readAction(action = 'deny'): PolicyAction {
  if (action === 'dryrun') {
    return 'audit';
  }
  return action === 'warn' ? 'warn' : 'deny';
}
