import { z } from 'zod';
import { errorCodeOf, readReason } from '../core/explainAnswer';
import type { UpstreamFailure } from '../core/explainFailure';

const LONGEST_REASON = 500;

const bodySchema = z.union([
  // Of its own checks.
  z.string().min(1),
  // Of the checks by the OpenAPI document.
  z
    .object({ code: z.number(), message: z.string() })
    .transform(({ message }) => message),
]);

/** Reads an error: a JSON string, an object, a line of text, or nothing. @internal */
export function parseAlertmanagerError(
  status: number,
  contentType: string,
  body: string,
): UpstreamFailure | undefined {
  const reason = readBody(body) ?? readReason(contentType, body);
  return reason
    ? { code: errorCodeOf(status), reason: reason.slice(0, LONGEST_REASON) }
    : undefined;
}

function readBody(body: string): string | undefined {
  try {
    return bodySchema.safeParse(JSON.parse(body)).data;
  } catch {
    // Above the limit of requests at once it is a line of text.
    return undefined;
  }
}
