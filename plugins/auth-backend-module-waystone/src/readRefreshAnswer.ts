import type { Response } from 'express';
import { z } from 'zod';
import type { SignInResult } from './createSignInAudit';

const answerSchema = z.object({
  error: z.object({ message: z.string() }).optional(),
  backstageIdentity: z
    .object({ identity: z.object({ userEntityRef: z.string() }) })
    .optional(),
});

/** Who a session is of. Undefined if that cannot be told now, as when the provider does not answer: the browser asks again. */
export function readRefreshAnswer(
  res: Response,
  body: string,
): SignInResult | undefined {
  let answer: z.output<typeof answerSchema>;
  try {
    answer = answerSchema.parse(JSON.parse(body));
  } catch {
    return undefined;
  }
  if (res.statusCode === 200) {
    return {
      outcome: 'succeeded',
      userEntityRef: answer.backstageIdentity?.identity.userEntityRef,
    };
  }
  return res.statusCode === 401
    ? {
        outcome: 'failed',
        reason: answer.error?.message ?? 'The session was refused',
      }
    : undefined;
}
