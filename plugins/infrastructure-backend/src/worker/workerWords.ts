import { UpstreamError } from '@waystone/integrations';
import type { RequestRow } from '../database/RequestRow';
import { explainRefusal } from '../provisioner/explainRefusal';
import { ForeignObjectError } from '../provisioner/Provisioner';
import type { Observation } from '../provisioner/Provisioner';

/** What is said of a cluster that does not help. */
export function describeOutage(row: RequestRow, error: UpstreamError): string {
  return error.retryable
    ? `The cluster '${row.cluster}' does not answer: ${error.reason}`
    : `The cluster '${row.cluster}' refuses to help: ${error.reason}`;
}

/** What is wrong with what was ready; undefined if nothing is. */
export function describeDrift(
  row: RequestRow,
  { state, drift }: Observation,
): string | undefined {
  if (state === 'missing') {
    return `${row.kind} '${row.name}' is no longer in the cluster`;
  }
  if (state === 'deleting') {
    return `Somebody is deleting ${row.kind} '${row.name}' in the cluster`;
  }
  return drift.length > 0
    ? `It was changed in the cluster: ${drift
        .map(({ path }) => path)
        .join(', ')}`
    : undefined;
}

/** The reason, if trying again cannot help. */
export function refusalOf(error: unknown): string | undefined {
  if (error instanceof ForeignObjectError) {
    return error.message;
  }
  if (!(error instanceof UpstreamError)) {
    return undefined;
  }
  switch (error.code) {
    case 'denied':
    case 'invalid':
    case 'not-found':
      return explainRefusal(error)
        .map(({ policy, message }) =>
          policy ? `${policy}: ${message}` : message,
        )
        .join('; ');
    default:
      return undefined;
  }
}
