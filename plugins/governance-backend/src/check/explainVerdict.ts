import { kubernetesFailureOf, UpstreamError } from '@waystone/integrations';
import type { Verdict } from '@waystone/plugin-governance-common';
import { findField } from './findField';

/** What the read model knows of a policy by its name. */
export type FixOf = (policy: string) => string | undefined;

/** Gatekeeper says so before what it found at a template. */
const IMPLIED = /^\[Implied by [^\]]*\] /;
const WARNING = /^\[([a-z0-9][a-z0-9.-]*)\] ([\s\S]*)$/;

/**
 * What a cluster says of an object that it would not take.
 *
 * @returns `unknown` as the outcome if it could not be asked.
 * @throws The error itself if it is none of a cluster.
 */
export function explainRefusal(
  error: unknown,
  manifest: Readonly<Record<string, unknown>>,
  fixOf: FixOf,
): {
  readonly outcome: 'refused' | 'unknown';
  readonly verdicts: readonly Verdict[];
} {
  if (!(error instanceof UpstreamError)) {
    throw error;
  }
  const failure = kubernetesFailureOf(error);
  const refused = (...verdicts: readonly Omit<Verdict, 'severity'>[]) => ({
    outcome: 'refused' as const,
    verdicts: verdicts.map(verdict => ({
      severity: 'error' as const,
      ...verdict,
    })),
  });
  switch (failure?.type) {
    case 'policy-denied':
      return refused(
        ...failure.denials.map(({ engine, message, policy, rule }) => {
          const text = message.replace(IMPLIED, '');
          const isQuota = engine === 'quota';
          return {
            source: isQuota ? ('quota' as const) : ('policy' as const),
            policy: rule ? `${policy}/${rule}` : policy,
            message: text,
            ...optional('field', findField(text, manifest)),
            ...optional(
              'fix',
              isQuota
                ? 'Ask for less, delete what is no longer needed, or ask the platform team for more quota'
                : fixOf(policy),
            ),
          };
        }),
      );
    case 'invalid':
      return refused(
        ...failure.fields.map(({ field, message }) => ({
          source: 'schema' as const,
          message:
            field && message.startsWith(`${field}: `)
              ? message.slice(field.length + 2)
              : message,
          ...optional('field', field),
        })),
      );
    case 'kind-not-served':
      return refused({
        source: 'cluster',
        field: 'kind',
        message: 'The cluster does not have this kind',
        fix: 'Choose a kind that it has, or ask the platform team to install it',
      });
    default:
  }
  if (error.code === 'not-found') {
    return refused({
      source: 'cluster',
      field: 'metadata.namespace',
      message: `The cluster does not have the namespace: ${error.reason}`,
    });
  }
  if (error.retryable || error.code === 'denied') {
    // That the portal may not ask says nothing about the object.
    return {
      outcome: 'unknown',
      verdicts: [
        {
          severity: 'warning',
          source: error.retryable ? 'cluster' : 'access',
          message: error.retryable
            ? `The cluster does not answer: ${error.reason}`
            : `The portal may not ask the cluster about this: ${error.reason}`,
        },
      ],
    };
  }
  return refused({ source: 'cluster', message: error.reason });
}

/** What a cluster warns of. */
export function explainWarning(
  warning: string,
  manifest: Readonly<Record<string, unknown>>,
  fixOf: FixOf,
): Verdict {
  const [, policy, text = warning] = WARNING.exec(warning) ?? [];
  const message = text.replace(IMPLIED, '');
  return {
    severity: 'warning',
    source: policy ? 'policy' : 'schema',
    ...optional('policy', policy),
    message,
    ...optional('field', findField(message, manifest)),
    ...optional('fix', policy && fixOf(policy)),
  };
}

function optional<K extends string>(key: K, value: string | undefined) {
  return (value ? { [key]: value } : {}) as { readonly [key in K]?: string };
}
