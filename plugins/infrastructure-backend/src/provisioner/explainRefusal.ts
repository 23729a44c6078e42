import { kubernetesFailureOf, UpstreamError } from '@waystone/integrations';
import type { PolicyDenial } from '@waystone/integrations';
import type { Verdict } from '@waystone/plugin-infrastructure-common';

/** Labels of the object and the form fields that they come from. */
const LABEL_FIELDS: Readonly<Record<string, string>> = {
  'cost-center': 'costCenter',
  owner: 'owner',
  environment: 'environment',
};

const LABEL_NAMES = /labels?: \{([^}]*)\}/;
const LABEL_VALUE = /[Ll]abel <([^:>]+):/;
const SPEC_PATH = /\b(?:spec)\.([A-Za-z0-9_.[\]-]+)/;

/**
 * What a cluster says of an object that it would not take: each sentence of each policy at the form field that causes
 * it.
 *
 * @throws The error itself if it is no refusal.
 */
export function explainRefusal(error: unknown): Verdict[] {
  if (!(error instanceof UpstreamError)) {
    throw error;
  }
  const failure = kubernetesFailureOf(error);
  switch (failure?.type) {
    case 'policy-denied':
      return failure.denials.map(explainDenial);
    case 'invalid':
      return failure.fields.map(({ field, message }) => ({
        severity: 'error',
        source: 'schema',
        field: formField(field),
        message: withoutQuotedField(message, field),
      }));
    case 'kind-not-served':
      return [
        {
          severity: 'error',
          source: 'cluster',
          field: 'environment',
          message: 'This environment does not have this offering',
          fix: 'Choose another environment',
        },
      ];
    default:
  }
  if (error.code === 'not-found') {
    return [
      {
        severity: 'error',
        source: 'cluster',
        field: 'system',
        message: `The environment has no namespace for this system: ${error.reason}`,
        fix: 'Choose another system or environment, or ask the platform team for the namespace',
      },
    ];
  }
  if (error.code === 'denied') {
    return [
      {
        severity: 'error',
        source: 'access',
        message: `The portal may not do this: ${error.reason}`,
        fix: 'Ask the platform team to allow it',
      },
    ];
  }
  return [
    {
      severity: error.retryable ? 'warning' : 'error',
      source: 'cluster',
      message: error.retryable
        ? `The cluster does not answer, so its policies could not be asked: ${error.reason}`
        : error.message,
      ...(error.retryable && {
        fix: 'You can submit it: it is applied as soon as the cluster answers',
      }),
    },
  ];
}

function explainDenial(denial: PolicyDenial): Verdict {
  const field = fieldOf(denial.message);
  return {
    severity: 'error',
    source: denial.engine === 'quota' ? 'quota' : 'policy',
    ...(field && { field }),
    policy: denial.rule ? `${denial.policy}/${denial.rule}` : denial.policy,
    message: denial.message,
    ...fixOf(denial, field),
  };
}

/** Policies name labels and fields in their own words. */
function fieldOf(message: string): string | undefined {
  const label =
    LABEL_NAMES.exec(message)?.[1]
      .split(',')
      .map(name => name.trim().replaceAll('"', ''))
      .find(name => Object.hasOwn(LABEL_FIELDS, name)) ??
    LABEL_VALUE.exec(message)?.[1].trim();
  if (label && Object.hasOwn(LABEL_FIELDS, label)) {
    return LABEL_FIELDS[label];
  }
  const path = SPEC_PATH.exec(message)?.[1];
  return path && `parameters.${path.replace(/[.:]+$/, '')}`;
}

function fixOf(
  { engine }: PolicyDenial,
  field: string | undefined,
): { readonly fix?: string } {
  if (engine === 'quota') {
    return {
      fix: 'Choose a smaller size, delete what is no longer needed, or ask the platform team for more quota',
    };
  }
  if (field === 'costCenter') {
    return { fix: 'Enter the cost center of your team, such as cc-orders' };
  }
  return field ? { fix: 'Choose another value' } : {};
}

function formField(field: string | undefined): string | undefined {
  if (!field) {
    return undefined;
  }
  if (field === 'spec' || field.startsWith('spec.')) {
    return field === 'spec'
      ? undefined
      : `parameters.${field.slice('spec.'.length)}`;
  }
  if (field === 'metadata.name') {
    return 'name';
  }
  const label = /^metadata\.labels\[?["']?([^\]"']+)/.exec(field)?.[1];
  if (label && Object.hasOwn(LABEL_FIELDS, label)) {
    return LABEL_FIELDS[label];
  }
  return field.startsWith('metadata.labels') ? 'costCenter' : field;
}

/** Kubernetes says the field again in the message. */
function withoutQuotedField(message: string, field: string | undefined) {
  return field && message.startsWith(`${field}: `)
    ? message.slice(field.length + 2)
    : message;
}
