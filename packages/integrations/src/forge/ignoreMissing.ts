import { UpstreamError } from '../core/UpstreamError';

/**
 * Waits for the removal of something; what is not there any more counts as removed.
 *
 * @internal
 */
export async function ignoreMissing(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!(error instanceof UpstreamError && error.status === 404)) {
      throw error;
    }
  }
}
