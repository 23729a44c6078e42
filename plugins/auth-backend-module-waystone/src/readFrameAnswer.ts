import type { Response } from 'express';
import { z } from 'zod';
import type { SignInResult } from './createSignInAudit';

/** What the page for a pop-up passes on. */
const messageSchema = z.object({
  error: z.object({ message: z.string() }).optional(),
  response: z
    .object({
      backstageIdentity: z
        .object({ identity: z.object({ userEntityRef: z.string() }) })
        .optional(),
    })
    .optional(),
});

/** What the auth plugin made of a provider's answer: a redirect, or a page for a pop-up. */
export function readFrameAnswer(res: Response, body: string): SignInResult {
  const location = String(res.getHeader('location') ?? '');
  if (location) {
    // The address to return to may have an 'error' of its own; a session is only kept when all went well.
    return hasSession(res)
      ? { outcome: 'succeeded' }
      : { outcome: 'failed', reason: errorOf(location) };
  }
  const message = readMessage(body);
  if (message?.response) {
    return {
      outcome: 'succeeded',
      userEntityRef:
        message.response.backstageIdentity?.identity.userEntityRef ?? undefined,
    };
  }
  return {
    outcome: 'failed',
    reason: message?.error?.message ?? `Status ${res.statusCode}`,
  };
}

function hasSession(res: Response): boolean {
  return [res.getHeader('set-cookie') ?? []]
    .flat()
    .some(cookie => /-refresh-token=[^;]/.test(String(cookie)));
}

function errorOf(location: string): string {
  return (
    (URL.canParse(location)
      ? new URL(location).searchParams.getAll('error').at(-1)
      : undefined) ?? 'The provider gave no session'
  );
}

function readMessage(body: string) {
  try {
    const [, encoded = ''] =
      /authResponse = decodeURIComponent\('([^']+)'\)/.exec(body) ?? [];
    return messageSchema.parse(JSON.parse(decodeURIComponent(encoded)));
  } catch {
    return undefined;
  }
}
