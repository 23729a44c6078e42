import type { RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const level = z.enum(['debug', 'info', 'warn', 'error']);

const schema = z.object({
  low: level.default('debug'),
  medium: level.default('info'),
  high: level.default('info'),
  critical: level.default('info'),
});

/** With which level of the log an event is written. @public */
export type SeverityLogLevels = z.infer<typeof schema>;

/**
 * Reads `backend.auditor.severityLogLevelMappings`, as the stock auditor does.
 *
 * @throws InputError that names the key.
 *
 * @public
 */
export function readSeverityLogLevels(
  config: RootConfigService,
): SeverityLogLevels {
  const key = 'backend.auditor.severityLogLevelMappings';
  const parsed = schema.safeParse(config.getOptional(key) ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      `Invalid config '${[key, ...issue.path].join('.')}': ${issue.message}`,
    );
  }
  return parsed.data;
}
