import type { Explanation } from '@waystone/plugin-delivery-common';
import type { InspectedObject } from '@waystone/plugin-delivery-node';
import { describe, explainDenials, quote } from './explainProblems';
import { eventEvidence } from './Situation';
import type { Situation } from './Situation';

/** Who makes pods. */
const MAKERS = new Set(['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job']);

/** Pods that were never made: the cluster refused them. */
export function explainRefusedPods(
  situation: Situation,
): Explanation | undefined {
  for (const maker of situation.objects.filter(({ kind }) =>
    MAKERS.has(kind),
  )) {
    const event = situation.events.find(
      ({ reason, regarding }) =>
        reason === 'FailedCreate' && regarding.uid === maker.id,
    );
    const newest = situation.pods
      .filter(({ owner }) => owner === maker.id)
      .map(({ createdAt }) => Date.parse(createdAt ?? '') || 0)
      .reduce((a, b) => Math.max(a, b), 0);
    // What was refused and then made is no problem any more.
    if (event && Date.parse(event.lastSeenAt ?? '') >= newest) {
      const evidence = [eventEvidence(event)];
      return (
        explainDenials(
          event.message,
          `A pod of ${describe(maker)}`,
          evidence,
        ) ?? {
          cause: 'pods-refused',
          summary: `The cluster refuses the pods of ${describe(maker)}: ${quote(
            event.message,
          )}`,
          nextStep:
            'Correct what the message names in the manifests, such as the service account.',
          evidence,
        }
      );
    }
  }
  return undefined;
}

/** Certificates that are over, by what cert-manager says of them. */
export function explainCertificate({
  objects,
}: Situation): Explanation | undefined {
  const found = objects.find(
    ({ group, health, kind, message }) =>
      kind === 'Certificate' &&
      group === 'cert-manager.io' &&
      health !== 'healthy' &&
      /expired/i.test(message ?? ''),
  );
  return (
    found && {
      cause: 'certificate-expired',
      summary: `The certificate '${found.name}' has expired: ${quote(
        found.message ?? '',
      )}`,
      nextStep:
        'Look at its CertificateRequest for why it was not renewed: usually its issuer refused it or could not be reached.',
      evidence: [statusEvidence(found)],
    }
  );
}

/** What is known of the whole when no object says why. */
export function explainWhole(situation: Situation): Explanation | undefined {
  const { objects, reason, state } = situation;
  const stuck = objects.find(({ message }) =>
    /exceeded its progress deadline|ProgressDeadlineExceeded/.test(
      message ?? '',
    ),
  );
  if (stuck) {
    return {
      cause: 'rollout-stuck',
      summary: `${describe(
        stuck,
      )} did not get its new version to run in time; the version before goes on serving.`,
      nextStep:
        'Look at its pods and events below for what they wait for, or go back to the version before.',
      evidence: [statusEvidence(stuck)],
    };
  }
  const degraded = objects.find(({ health }) => health === 'degraded');
  if (degraded) {
    return {
      cause: 'object-degraded',
      summary: `${describe(degraded)} does not work: ${quote(
        degraded.message ?? 'it does not say why',
      )}`,
      nextStep: 'Look at it and at its events in the cluster.',
      evidence: [statusEvidence(degraded)],
    };
  }
  const missing = objects.filter(({ health }) => health === 'missing');
  if (missing.length > 0) {
    return {
      cause: 'objects-missing',
      summary: `${describe(missing[0])}${
        missing.length > 1 ? ` and ${missing.length - 1} more` : ''
      } ${missing.length > 1 ? 'are' : 'is'} in Git, but not in the cluster.`,
      nextStep: 'Sync, or find out who deleted it.',
      evidence: missing.slice(0, 5).map(statusEvidence),
    };
  }
  if (state === 'progressing') {
    return {
      cause: 'in-progress',
      summary: reason ?? 'A change is under way.',
      nextStep: 'Wait: it is not known yet whether it ends well.',
      evidence: [],
    };
  }
  const drifted = objects.filter(({ sync }) => sync === 'out-of-sync');
  return state === 'attention' && drifted.length > 0
    ? {
        cause: 'out-of-sync',
        summary: reason ?? `${describe(drifted[0])} is not as Git has it.`,
        nextStep:
          'Look at what differs: sync to go back to Git, or put the change into Git to keep it.',
        evidence: drifted.slice(0, 5).map(statusEvidence),
      }
    : undefined;
}

function statusEvidence(object: InspectedObject) {
  const { group, health, kind, message, name, namespace, sync } = object;
  return {
    kind: 'status' as const,
    object: { group, kind, name, namespace },
    lines: [message ?? [health, sync].filter(Boolean).join(', ')],
  };
}
