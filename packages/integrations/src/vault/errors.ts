import { z } from 'zod';
import { errorCodeOf } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';
import { UpstreamError } from '../core/UpstreamError';
import { deletedSchema } from './types';

const LONGEST_REASON = 500;

const bodySchema = z.object({ errors: z.array(z.string()) });

/**
 * What Vault says of a refusal, beyond the code of the {@link UpstreamError}.
 *
 * @public
 */
export type VaultFailure =
  /** Vault does not know the token: it has ended or was revoked. */
  | { readonly type: 'token-refused' }
  | { readonly type: 'sealed' }
  /** Somebody else has written in between. */
  | { readonly type: 'version-changed' }
  /** The secret may only be written with check-and-set. */
  | { readonly type: 'check-and-set-required' }
  /** There is a version, but it is deleted or destroyed. */
  | {
      readonly type: 'deleted';
      readonly metadata: z.output<typeof deletedSchema>['data']['metadata'];
    }
  /** Nothing is mounted at the path. */
  | { readonly type: 'no-engine' };

/**
 * What Vault said, if the error is one that it explained.
 *
 * @public
 */
export function vaultFailureOf(error: unknown): VaultFailure | undefined {
  if (!(error instanceof UpstreamError)) {
    return undefined;
  }
  const { details } = error;
  return isFailure(details) ? details : undefined;
}

function isFailure(details: unknown): details is VaultFailure {
  return typeof details === 'object' && details !== null && 'type' in details;
}

/** Reads the `errors` of an answer. @internal */
export function parseVaultError(
  status: number,
  body: string,
): UpstreamFailure | undefined {
  const json = readJson(body);
  const deleted =
    status === 404 ? deletedSchema.safeParse(json).data : undefined;
  if (deleted) {
    return {
      code: 'not-found',
      reason: 'the version is deleted',
      details: {
        type: 'deleted',
        metadata: deleted.data.metadata,
      } satisfies VaultFailure,
    };
  }
  const errors = bodySchema.safeParse(json).data?.errors;
  if (!errors) {
    return undefined;
  }
  const text = errors.join('; ');
  const known = explain(status, text);
  return {
    code: known?.code ?? errorCodeOf(status),
    reason: known?.reason ?? (shorten(text) || fallback(status)),
    advice: known?.advice,
    details: known?.details,
  };
}

function explain(
  status: number,
  text: string,
): (Partial<UpstreamFailure> & { details?: VaultFailure }) | undefined {
  if (status === 403 && isUnknownToken(text)) {
    return {
      code: 'unauthenticated',
      reason: 'it does not know the token',
      advice:
        'The token has ended or was revoked: check how the portal logs in',
      details: { type: 'token-refused' },
    };
  }
  if (status === 403 && text.includes('permission denied')) {
    return {
      code: 'denied',
      reason: 'no policy of the portal allows it',
      advice: 'Add the path to a policy of the portal’s role',
    };
  }
  if (status === 503 && /sealed/i.test(text)) {
    return {
      code: 'unavailable',
      reason: 'it is sealed',
      advice: 'Somebody has to unseal it',
      details: { type: 'sealed' },
    };
  }
  if (text.includes('check-and-set parameter did not match')) {
    return {
      code: 'conflict',
      reason: 'the secret has another version by now',
      advice: 'Read it again and repeat the change',
      details: { type: 'version-changed' },
    };
  }
  if (text.includes('check-and-set parameter required')) {
    return {
      code: 'invalid',
      reason: 'the secret may only be written with the version it is to follow',
      details: { type: 'check-and-set-required' },
    };
  }
  if (status === 404 && text.includes('no handler for route')) {
    return {
      code: 'not-found',
      reason: 'nothing is mounted at this path',
      details: { type: 'no-engine' },
    };
  }
  return undefined;
}

/**
 * Tells a token that Vault does not know from one that may not do it: both are 403.
 *
 * @remarks
 * The former is `permission denied` alone, in newer versions with `invalid token`; the latter always comes as
 * `1 error occurred: * permission denied`.
 */
function isUnknownToken(text: string): boolean {
  return (
    text.trim() === 'permission denied' ||
    /\* invalid token|bad token/.test(text)
  );
}

function fallback(status: number): string {
  return status === 404
    ? 'there is nothing at this path'
    : `it answered ${status}`;
}

/** Without the frame that Go puts around lists of errors. */
function shorten(text: string): string {
  const line = text
    .replace(/\d+ errors? occurred:/g, '')
    .replace(/(^|\n)\s*\* /g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > LONGEST_REASON
    ? `${line.slice(0, LONGEST_REASON)}…`
    : line;
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
