import { errorCodeOf, readReason } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';
import { UpstreamError } from '../core/UpstreamError';
import { parsePolicyDenials } from './policyDenials';
import type { PolicyDenial } from './policyDenials';
import { statusSchema } from './types';
import type { KubernetesStatus } from './types';

/** A field that another manager owns. @public */
export interface FieldConflict {
  /** Such as `.spec.replicas`. */
  readonly field: string;
  /** Such as `argocd-controller`. */
  readonly manager: string;
}

/** A field that is wrong. @public */
export interface InvalidField {
  /** Such as `spec.replicas`; undefined if it is about the whole object. */
  readonly field?: string;
  readonly message: string;
  /** Such as `FieldValueRequired`. */
  readonly reason?: string;
}

/**
 * What a cluster says of a refusal, beyond the code of the {@link UpstreamError}.
 *
 * @public
 */
export type KubernetesFailure =
  /** Others own fields of a server-side apply. */
  | {
      readonly type: 'field-conflict';
      readonly conflicts: readonly FieldConflict[];
    }
  /** The object has changed since it was read. */
  | { readonly type: 'changed' }
  | { readonly type: 'already-exists' }
  | { readonly type: 'invalid'; readonly fields: readonly InvalidField[] }
  | {
      readonly type: 'policy-denied';
      readonly denials: readonly PolicyDenial[];
    }
  /** A resource version or a continue token is too old. */
  | { readonly type: 'expired'; readonly continueToken?: string }
  /** The cluster does not have this kind. */
  | { readonly type: 'kind-not-served' }
  | { readonly type: 'other'; readonly reason?: string };

/**
 * What the cluster said, if the error is one of a cluster that answered.
 *
 * @public
 */
export function kubernetesFailureOf(
  error: unknown,
): KubernetesFailure | undefined {
  if (!(error instanceof UpstreamError)) {
    return undefined;
  }
  const { details } = error;
  return isFailure(details) ? details : undefined;
}

const NOT_IN_SCHEMA = /\.([\w.[\]-]+): (field not declared in schema)/g;

function isFailure(details: unknown): details is KubernetesFailure {
  return typeof details === 'object' && details !== null && 'type' in details;
}

/** Reads the `Status` object in an error body. @internal */
export function parseKubernetesError(
  status: number,
  contentType: string,
  body: string,
): UpstreamFailure {
  const parsed = readStatus(body);
  if (parsed) {
    return explainStatus({ ...parsed, code: parsed.code ?? status });
  }
  const reason = readReason(contentType, body);
  if (status === 404) {
    // Not a Status: the group or the version is unknown.
    return {
      code: 'not-found',
      reason: 'the cluster does not have this kind',
      advice: 'Install what brings its CustomResourceDefinition',
      details: { type: 'kind-not-served' } satisfies KubernetesFailure,
    };
  }
  return {
    code: errorCodeOf(status),
    reason: reason ?? `it answered ${status}`,
  };
}

function readStatus(body: string): KubernetesStatus | undefined {
  try {
    return statusSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** @internal */
export function explainStatus(status: KubernetesStatus): UpstreamFailure {
  const { code = 500, message = '', reason } = status;
  const causes = status.details?.causes ?? [];
  const text =
    message.replace(/\s+/g, ' ').replace(/[.\s]+$/, '') ||
    `it answered ${code}`;
  const denials = code < 500 ? parsePolicyDenials(message) : [];
  if (denials.length > 0) {
    return {
      code: 'denied',
      reason: `a policy forbids it: ${denials
        .map(denial => `${denial.policy}: ${denial.message}`)
        .join('; ')}`,
      advice: 'Change the object so that it complies',
      details: { type: 'policy-denied', denials } satisfies KubernetesFailure,
    };
  }
  const conflicts = causes
    .filter(cause => cause.reason === 'FieldManagerConflict')
    .map(cause => ({
      field: cause.field ?? '',
      manager: /conflict with "([^"]*)"/.exec(cause.message ?? '')?.[1] ?? '',
    }));
  if (conflicts.length > 0) {
    const managers = [...new Set(conflicts.map(conflict => conflict.manager))];
    return {
      code: 'conflict',
      reason: `${managers.join(' and ')} own${
        managers.length === 1 ? 's' : ''
      } ${conflicts.map(conflict => conflict.field).join(', ')}`,
      advice: 'Leave these fields out, or take them over with force',
      details: {
        type: 'field-conflict',
        conflicts,
      } satisfies KubernetesFailure,
    };
  }
  if (message.startsWith('failed to create typed patch object')) {
    // The answer of a server-side apply; its status is 500.
    return {
      code: 'invalid',
      reason: text,
      details: {
        type: 'invalid',
        fields: [...message.matchAll(NOT_IN_SCHEMA)].map(
          ([, field, problem]) => ({
            field,
            message: problem,
          }),
        ),
      } satisfies KubernetesFailure,
    };
  }
  const failure = (
    type: KubernetesFailure,
    advice?: string,
  ): UpstreamFailure => ({
    code: errorCodeOf(code),
    reason: text,
    ...(advice && { advice }),
    details: type,
  });
  switch (reason) {
    case 'AlreadyExists':
      return failure({ type: 'already-exists' }, 'Choose another name');
    case 'Conflict':
      return failure(
        { type: 'changed' },
        'Read it again and repeat the change',
      );
    case 'Expired':
    case 'Gone':
      return failure({
        type: 'expired',
        continueToken: status.metadata?.continue,
      });
    case 'Invalid':
      return failure({
        type: 'invalid',
        fields: causes.map(cause => ({
          field: cause.field,
          message: cause.message ?? '',
          reason: cause.reason,
        })),
      });
    default:
      return failure({ type: 'other', reason });
  }
}
