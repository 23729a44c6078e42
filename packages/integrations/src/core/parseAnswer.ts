import type { z } from 'zod';
import type { UpstreamFailure } from './explainFailure';

/**
 * Reads JSON by a schema. The failure names what is wrong and never quotes a value.
 *
 * @internal
 */
export function parseAnswer<S extends z.ZodType>(
  body: string,
  contentType: string,
  schema: S,
):
  | { readonly ok: true; readonly value: z.output<S> }
  | { readonly ok: false; readonly failure: UpstreamFailure } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return {
      ok: false,
      failure: {
        code: 'unexpected-answer',
        reason: `the answer is not JSON (${contentType}, ${body.length} characters)`,
      },
    };
  }
  const result = schema.safeParse(value);
  if (result.success) {
    return { ok: true, value: result.data };
  }
  const issues = result.error.issues
    .slice(0, 3)
    .map(issue => `${issue.path.join('.') || 'all of it'}: ${issue.message}`);
  return {
    ok: false,
    failure: {
      code: 'unexpected-answer',
      reason: `the answer is not as expected (${issues.join('; ')})`,
      advice: 'Check whether its version is supported',
    },
  };
}
