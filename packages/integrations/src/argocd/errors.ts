import { z } from 'zod';
import { errorCodeOf } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';
import { UpstreamError } from '../core/UpstreamError';

/**
 * What Argo CD says of a refusal, beyond the code of the {@link UpstreamError}.
 *
 * @public
 */
export type ArgoCdFailure =
  /** A sync window forbids it now. */
  | { readonly type: 'blocked-by-sync-window' }
  | { readonly type: 'operation-in-progress' }
  /** There is nothing to stop. */
  | { readonly type: 'no-operation-in-progress' }
  /** Not while Argo CD syncs by itself: a rollback, or a sync to another revision. */
  | { readonly type: 'auto-sync-is-on' }
  | { readonly type: 'application-is-deleting' }
  /** The deployment of a rollback is no longer in the history. */
  | { readonly type: 'no-such-deployment' }
  /** The token may not see it, or it does not exist: without a project Argo CD says the same of both. */
  | { readonly type: 'denied-or-missing' }
  /** It does not exist, is in another project, or the token may not see it in its project. */
  | { readonly type: 'missing' }
  /** What was asked for is wrong in the spec or the project does not allow it. */
  | { readonly type: 'invalid-application' };

interface Rule {
  readonly pattern: RegExp;
  readonly failure: ArgoCdFailure;
  readonly code: UpstreamFailure['code'];
  readonly advice?: string;
}

const RULES: readonly Rule[] = [
  {
    pattern: /blocked by sync window/,
    failure: { type: 'blocked-by-sync-window' },
    code: 'denied',
    advice: 'Wait until the window allows it, or ask for an exception',
  },
  {
    pattern: /another operation is already in progress/,
    failure: { type: 'operation-in-progress' },
    code: 'conflict',
    advice: 'Wait until it has ended, or stop it',
  },
  {
    pattern: /No operation is in progress/,
    failure: { type: 'no-operation-in-progress' },
    code: 'conflict',
  },
  {
    pattern: /auto-sync is enabled|auto-sync currently set to/,
    failure: { type: 'auto-sync-is-on' },
    code: 'conflict',
    advice: 'Change the version in Git, or switch automated sync off first',
  },
  {
    pattern: /application is deleting/,
    failure: { type: 'application-is-deleting' },
    code: 'conflict',
  },
  {
    pattern: /does not have deployment with id/,
    failure: { type: 'no-such-deployment' },
    code: 'not-found',
    advice: 'Choose another deployment of the history',
  },
  {
    pattern: /application spec for .* is invalid|is not allowed in project/,
    failure: { type: 'invalid-application' },
    code: 'invalid',
  },
];

/**
 * What Argo CD said, if the error is one that it explained.
 *
 * @public
 */
export function argoCdFailureOf(error: unknown): ArgoCdFailure | undefined {
  if (!(error instanceof UpstreamError)) {
    return undefined;
  }
  const { details } = error;
  return typeof details === 'object' && details !== null && 'type' in details
    ? (details as ArgoCdFailure)
    : undefined;
}

const bodySchema = z.object({
  message: z.string().optional(),
  error: z.string().optional(),
});

/** Reads the body of an error. Some are plain text: 415, and those of proxies. @internal */
export function parseArgoCdError(
  status: number,
  contentType: string,
  body: string,
): UpstreamFailure | undefined {
  if (!contentType.includes('json')) {
    return status === 415
      ? {
          code: 'invalid',
          reason: 'it does not take this content type',
          advice: 'Check what stands between the portal and Argo CD',
        }
      : undefined;
  }
  const parsed = bodySchema.safeParse(readJson(body)).data;
  const reason = parsed?.message || parsed?.error;
  return reason ? explainMessage(status, reason) : undefined;
}

/** What a message of Argo CD means. @internal */
export function explainMessage(
  status: number,
  message: string,
): UpstreamFailure {
  // Wrapped errors carry the inner ones as gRPC writes them.
  const reason = message.replace(/rpc error: code = \w+ desc = /g, '');
  const rule = RULES.find(({ pattern }) => pattern.test(message));
  if (rule) {
    const { code, advice, failure } = rule;
    return { code, reason, advice, details: failure };
  }
  if (status === 403) {
    return {
      code: 'denied',
      reason,
      advice:
        "Argo CD says this too of what does not exist. Check the name, and the rights of the portal's token",
      details: { type: 'denied-or-missing' } satisfies ArgoCdFailure,
    };
  }
  if (status === 404) {
    return {
      code: 'not-found',
      reason,
      details: { type: 'missing' } satisfies ArgoCdFailure,
    };
  }
  return { code: errorCodeOf(status), reason };
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // no message in it, so the status has to do
  }
}
