import { z } from 'zod';
import { errorCodeOf } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';
import type { ForgeFailure } from './errors';

const bodySchema = z.object({
  message: z.string(),
  errors: z
    .array(
      z.union([
        z.string(),
        z.object({
          resource: z.string().optional(),
          field: z.string().optional(),
          code: z.string().optional(),
          message: z.string().optional(),
        }),
      ]),
    )
    .optional(),
});

const KNOWN: readonly {
  readonly status: number;
  readonly text: RegExp;
  readonly details: ForgeFailure;
}[] = [
  {
    status: 422,
    text: /name already exists on this account/i,
    details: { type: 'repository-exists' },
  },
  {
    status: 409,
    text: /repository is empty/i,
    details: { type: 'repository-empty' },
  },
  {
    status: 422,
    text: /reference already exists/i,
    details: { type: 'branch-exists' },
  },
  {
    status: 422,
    text: /pull request already exists/i,
    details: { type: 'pull-request-exists' },
  },
  {
    status: 422,
    text: /no commits between/i,
    details: { type: 'no-changes' },
  },
  {
    status: 409,
    text: /head branch was modified|head sha/i,
    details: { type: 'head-moved' },
  },
  {
    status: 405,
    text: /./,
    details: { type: 'not-mergeable' },
  },
];

/** Reads the `message` and `errors` of an answer of GitHub. @internal */
export function parseGitHubError(
  status: number,
  _contentType: string,
  body: string,
): UpstreamFailure | undefined {
  const answer = readJson(body);
  if (!answer) {
    return undefined;
  }
  const reason = [answer.message, ...(answer.errors ?? []).map(describe)]
    .filter(Boolean)
    .join(': ');
  if ((status === 403 || status === 429) && /rate limit|abuse/i.test(reason)) {
    return {
      code: 'throttled',
      reason,
      advice: 'Wait until GitHub’s limit of calls has passed',
    };
  }
  const known = KNOWN.find(
    item => item.status === status && item.text.test(reason),
  );
  if (known) {
    const { details } = known;
    return {
      code: details.type === 'no-changes' ? 'invalid' : 'conflict',
      reason,
      details,
    };
  }
  return {
    code: errorCodeOf(status),
    reason,
    advice:
      status === 404
        ? 'It does not exist, or the portal may not see it'
        : undefined,
  };
}

function describe(
  error: NonNullable<z.output<typeof bodySchema>['errors']>[number],
): string {
  if (typeof error === 'string') {
    return error;
  }
  return (
    error.message ??
    [error.resource, error.field, error.code].filter(Boolean).join(' ')
  );
}

function readJson(body: string) {
  try {
    return bodySchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
