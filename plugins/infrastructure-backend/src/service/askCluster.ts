import { ConflictError, InputError } from '@backstage/errors';
import type { Verdict } from '@waystone/plugin-infrastructure-common';
import type { DesiredResource, Provisioner } from '../provisioner/Provisioner';

/** A cluster that does not answer in this time is asked by the worker, later. */
const PATIENCE_MS = 1500;

/**
 * Lets the cluster judge what is submitted, so that what it would refuse is refused at once. Nothing is changed.
 *
 * @throws InputError with the field that is wrong; ConflictError if the name is taken.
 */
export async function askCluster(
  provisioner: Provisioner,
  resource: DesiredResource,
): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const { verdicts } = await provisioner.plan(resource, { signal });
    if (!signal.aborted) {
      refuseWrong(verdicts);
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}

/** @throws InputError with the first field that is wrong; ConflictError if the name is taken. */
export function refuseWrong(verdicts: readonly Verdict[]): void {
  const wrong = verdicts.find(({ severity }) => severity === 'error');
  if (wrong) {
    const { field, message, policy, source } = wrong;
    const Refusal = source === 'conflict' ? ConflictError : InputError;
    throw new Refusal(
      `Invalid request: ${field ?? source}: ${
        policy ? `${policy}: ${message}` : message
      }`,
    );
  }
}
