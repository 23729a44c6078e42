import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RequestValidator } from '@backstage/plugin-events-node';

/** How a forge signs its webhooks. */
export interface WebhookSignature {
  readonly secret: string;
  /** Header with the HMAC-SHA256 of the body in hexadecimal digits. */
  readonly header: string;
  /** What stands before the digits. */
  readonly prefix: string;
}

/**
 * Lets webhooks pass that are signed with a secret, and answers others with 403.
 *
 * https://docs.gitea.com/usage/webhooks,
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export function createSignatureValidator(
  signature: WebhookSignature,
): RequestValidator {
  const { secret, header, prefix } = signature;
  return async (request, context) => {
    const given = request.headers[header];
    const expected = Buffer.from(
      `${prefix}${createHmac('sha256', secret)
        .update(request.raw.body)
        .digest('hex')}`,
    );
    const received = Buffer.from(typeof given === 'string' ? given : '');
    const equal =
      received.length === expected.length &&
      timingSafeEqual(received, expected);
    if (!equal) {
      context.reject({
        status: 403,
        payload: { message: 'The signature of the webhook is not valid' },
      });
    }
  };
}
