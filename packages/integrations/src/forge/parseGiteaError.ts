import { z } from 'zod';
import { errorCodeOf } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';
import type { ForgeFailure } from './errors';

const bodySchema = z.object({
  message: z.string(),
  errors: z.array(z.string()).nullish(),
});

/** What Gitea answers if a merge fails while it is done: what git has said. */
const conflictSchema = z.object({ Style: z.string(), StdErr: z.string() });

interface Known {
  readonly status: readonly number[];
  readonly text: RegExp;
  readonly details: ForgeFailure;
}

const KNOWN: readonly Known[] = [
  {
    status: [409],
    text: /repository with the same name already exists/i,
    details: { type: 'repository-exists' },
  },
  {
    status: [409],
    text: /repository is empty/i,
    details: { type: 'repository-empty' },
  },
  {
    status: [409, 422],
    text: /branch already exists/i,
    details: { type: 'branch-exists' },
  },
  {
    status: [409, 422],
    text: /sha does not match|repository file already exists|file.*(?:does not|doesn't) exist/i,
    details: { type: 'file-changed' },
  },
  {
    status: [409],
    text: /pull request already exists/i,
    details: { type: 'pull-request-exists' },
  },
  {
    status: [422],
    text: /no changes between/i,
    details: { type: 'no-changes' },
  },
  {
    status: [409],
    text: /head out of date/i,
    details: { type: 'head-moved' },
  },
  {
    // Said of a conflict, of a rule in the way, and as long as Gitea has not found out.
    status: [405, 409],
    text: /try again later|merge|conflict|not allowed/i,
    details: { type: 'not-mergeable' },
  },
];

/** Reads the `message` of an answer of Gitea. @internal */
export function parseGiteaError(
  status: number,
  _contentType: string,
  body: string,
): UpstreamFailure | undefined {
  const json = readJson(body);
  if (status === 409 && conflictSchema.safeParse(json).success) {
    return {
      code: 'conflict',
      reason: 'the merge has conflicts',
      details: { type: 'not-mergeable' } satisfies ForgeFailure,
    };
  }
  const answer = bodySchema.safeParse(json).data;
  if (!answer) {
    return undefined;
  }
  const { message, errors } = answer;
  const known = KNOWN.find(
    ({ status: statuses, text }) =>
      statuses.includes(status) && text.test(message),
  );
  return {
    code: known ? codeOf(known.details) : errorCodeOf(status),
    reason: [message, ...(errors ?? [])].join(': '),
    details: known?.details,
  };
}

function codeOf({ type }: ForgeFailure) {
  return type === 'no-changes' ? 'invalid' : 'conflict';
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
