import { UpstreamError } from './UpstreamError';

/**
 * Whether a system answered that it does not take the portal's credentials, which a probe reports as a result.
 *
 * @internal
 */
export function refusesCredentials(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    (error.code === 'unauthenticated' || error.code === 'denied')
  );
}
