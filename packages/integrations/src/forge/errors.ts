import { UpstreamError } from '../core/UpstreamError';

/**
 * What a forge says of a refusal, beyond the code of the {@link UpstreamError}.
 *
 * @public
 */
export type ForgeFailure =
  | { readonly type: 'repository-exists' }
  /** It has no commit yet. */
  | { readonly type: 'repository-empty' }
  /** The branch is elsewhere than the writer thought. */
  | {
      readonly type: 'branch-moved';
      readonly branch: string;
      readonly expected?: string;
      /** Undefined if it is gone. */
      readonly actual?: string;
    }
  | { readonly type: 'branch-exists' }
  /** One of the files was changed by somebody else. */
  | { readonly type: 'file-changed' }
  | { readonly type: 'pull-request-exists' }
  /** There is nothing to merge. */
  | { readonly type: 'no-changes' }
  /** The head of the pull request moved since it was looked at. */
  | { readonly type: 'head-moved' }
  /** It conflicts with its base, or a rule of the forge is in the way. */
  | { readonly type: 'not-mergeable' };

const TYPES: ReadonlySet<string> = new Set<ForgeFailure['type']>([
  'repository-exists',
  'repository-empty',
  'branch-moved',
  'branch-exists',
  'file-changed',
  'pull-request-exists',
  'no-changes',
  'head-moved',
  'not-mergeable',
]);

/**
 * What the forge said, if the error is one that it explained.
 *
 * @public
 */
export function forgeFailureOf(error: unknown): ForgeFailure | undefined {
  if (!(error instanceof UpstreamError)) {
    return undefined;
  }
  const { details } = error;
  return isFailure(details) ? details : undefined;
}

function isFailure(details: unknown): details is ForgeFailure {
  return (
    typeof details === 'object' &&
    details !== null &&
    'type' in details &&
    typeof details.type === 'string' &&
    TYPES.has(details.type)
  );
}

/** The branch is not where the writer thought. @internal */
export function branchMoved(
  forge: { readonly system: string; readonly instance: string },
  branch: string,
  expected: string | undefined,
  actual: string | undefined,
): UpstreamError {
  return new UpstreamError({
    ...forgeName(forge),
    operation: 'commit-files',
    code: 'conflict',
    reason: `the branch '${branch}' is at ${
      actual ?? 'no commit, or there is none'
    }${expected ? `, not at ${expected}` : ''}`,
    advice: 'Read it again and repeat the change',
    details: {
      type: 'branch-moved',
      branch,
      expected,
      actual,
    } satisfies ForgeFailure,
  });
}

/** @internal */
export function branchExists(
  forge: { readonly system: string; readonly instance: string },
  branch: string,
): UpstreamError {
  return new UpstreamError({
    ...forgeName(forge),
    operation: 'commit-files',
    code: 'conflict',
    reason: `there is a branch '${branch}' already`,
    details: { type: 'branch-exists' } satisfies ForgeFailure,
  });
}

/** @internal */
export function notMergeable(
  forge: { readonly system: string; readonly instance: string },
  number: number,
): UpstreamError {
  return new UpstreamError({
    ...forgeName(forge),
    operation: 'merge-pull-request',
    code: 'conflict',
    reason: `the pull request ${number} cannot be merged as it is`,
    advice: 'Resolve its conflicts and meet the rules of its base branch',
    details: { type: 'not-mergeable' } satisfies ForgeFailure,
  });
}

function forgeName(forge: {
  readonly system: string;
  readonly instance: string;
}) {
  return { system: forge.system, instance: forge.instance };
}
