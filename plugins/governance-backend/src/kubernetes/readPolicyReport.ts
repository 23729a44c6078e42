import type { KubernetesObject } from '@waystone/integrations';
import type { Severity } from '@waystone/plugin-governance-common';
import { z } from 'zod';
import { readSeverity } from './readSeverity';
import { shorten } from './shorten';
import { StringPool } from './StringPool';

const referenceSchema = z.object({
  kind: z.string().default(''),
  name: z.string().default(''),
  namespace: z.string().optional(),
});

const resultSchema = z.object({
  policy: z.string(),
  rule: z.string().optional(),
  result: z.string().optional(),
  message: z.string().optional(),
  // OpenReports has it under another name
  description: z.string().optional(),
  severity: z.string().optional(),
  category: z.string().optional(),
  source: z.string().optional(),
  resources: z.array(referenceSchema).nullish(),
  subjects: z.array(referenceSchema).nullish(),
});

const reportSchema = z.object({
  source: z.string().optional(),
  scope: referenceSchema.nullish(),
  results: z.array(z.unknown()).nullish(),
});

/** A rule that an object breaks. */
export interface ObservedResult {
  readonly policy: string;
  readonly rule?: string;
  readonly message: string;
  readonly severity: Severity;
  readonly category?: string;
  /** Who says so, such as `kyverno`. */
  readonly engine: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

const pool = new StringPool();

/** What counts as broken. `skip` is an exemption, not a pass, and `warn` a rule that is not scored. */
const BROKEN = ['fail', 'warn', 'error'];

/**
 * Reads the broken rules of a report of the policy working group, or of OpenReports. Undefined if there are none, so
 * that nothing is kept of the many reports in which all is well.
 */
export function readPolicyReport(
  object: KubernetesObject,
): readonly ObservedResult[] | undefined {
  const parsed = reportSchema.safeParse(object);
  if (!parsed.success) {
    return undefined;
  }
  const { results, scope, source } = parsed.data;
  const found: ObservedResult[] = [];
  for (const each of results ?? []) {
    const result = resultSchema.safeParse(each);
    if (result.success && BROKEN.includes(result.data.result ?? '')) {
      found.push(
        ...toResults(result.data, scope ?? undefined, source).map(entry => ({
          ...entry,
          namespace: entry.namespace ?? object.metadata.namespace,
        })),
      );
    }
  }
  return found.length > 0 ? found : undefined;
}

function toResults(
  result: z.output<typeof resultSchema>,
  scope: z.output<typeof referenceSchema> | undefined,
  reportSource: string | undefined,
): ObservedResult[] {
  const { category, policy, rule, severity } = result;
  const named = result.resources ?? result.subjects ?? [];
  const targets = named.length > 0 ? named : [scope ?? { kind: '', name: '' }];
  const shared = {
    policy: pool.get(policy.slice(0, 300)),
    ...(rule && { rule: pool.get(rule.slice(0, 300)) }),
    message: pool.get(shorten(result.message ?? result.description) ?? ''),
    severity: readSeverity(severity, 'medium'),
    ...(category && { category: pool.get(category.slice(0, 300)) }),
    engine: pool.get(result.source ?? reportSource ?? 'other'),
  };
  return targets
    .filter(({ kind, name }) => kind !== '' && name !== '')
    .map(({ kind, name, namespace }) => ({
      ...shared,
      kind: pool.get(kind),
      ...(namespace && { namespace: pool.get(namespace) }),
      name,
    }));
}
