import type { Explanation } from '@waystone/plugin-delivery-common';
import { quote } from './explainProblems';
import { lastWords } from './lastWords';
import {
  containerEvidence,
  countFailing,
  eventEvidence,
  failingPods,
  findContainer,
  findEvent,
  logEvidence,
  podName,
} from './Situation';
import type { FailingContainer, Rule, Situation } from './Situation';

const PULL =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|RegistryUnavailable)$/;
const CONFIG = /^CreateContainerConfigError$/;
const CANNOT_START =
  /^(RunContainerError|CreateContainerError|StartError|ContainerCannotRun)$/;
const KILLED = 137;

/** Why pods do not get to run, or do not run well. The first that fits is what to look at first. */
export const POD_RULES: readonly Rule[] = [
  explainImage,
  explainConfiguration,
  explainMount,
  explainVolume,
  explainScheduling,
  explainEviction,
  explainInit,
  explainMemory,
  explainLiveness,
  explainStart,
  explainCrash,
  explainReadiness,
];

function explainImage(situation: Situation): Explanation | undefined {
  const found = findContainer(situation, ({ waiting }) =>
    PULL.test(waiting?.reason ?? ''),
  );
  if (!found) {
    return undefined;
  }
  const { container, pod } = found;
  const event = findEvent(situation, pod.uid, ['Failed'], /failed to pull/i);
  const message = `${event?.message} ${container.waiting?.message}`;
  return {
    cause: 'image-not-pulled',
    summary: `The image '${container.image}' cannot be pulled${pullProblem(
      message,
    )}${countFailing(situation)}.`,
    nextStep: /not found|NotFound|manifest unknown/i.test(message)
      ? 'Check that CI has pushed this tag, and that the tag in Git is spelt rightly.'
      : 'Check the name of the registry, that it answers, and the pull secret of the service account.',
    evidence: [
      containerEvidence(found, `${container.waiting?.reason}`),
      ...(event ? [eventEvidence(event)] : []),
    ],
  };
}

function pullProblem(message: string): string {
  if (/not found|NotFound|manifest unknown/i.test(message)) {
    return /no such host/i.test(message)
      ? ': its registry is not known'
      : ': the registry has no such tag';
  }
  if (/no such host/i.test(message)) {
    return ': its registry is not known';
  }
  if (/unauthorized|denied|forbidden|authentication/i.test(message)) {
    return ': the registry does not let the cluster in';
  }
  return '';
}

function explainConfiguration(situation: Situation): Explanation | undefined {
  const found = findContainer(situation, ({ waiting }) =>
    CONFIG.test(waiting?.reason ?? ''),
  );
  if (!found) {
    return undefined;
  }
  const message = found.container.waiting?.message ?? '';
  return explainMissing(situation, message, [
    containerEvidence(found, `${found.container.waiting?.reason}: ${message}`),
  ]);
}

function explainMount(situation: Situation): Explanation | undefined {
  for (const pod of failingPods(situation.pods)) {
    const event = findEvent(
      situation,
      pod.uid,
      ['FailedMount'],
      /(secret|configmap|references non-existent).*(not found|key)/i,
    );
    // Once a container has been made, its volumes are there.
    if (event && pod.containers.every(isWaitingForPod)) {
      return explainMissing(situation, event.message, [eventEvidence(event)]);
    }
  }
  return undefined;
}

function isWaitingForPod({
  ended,
  endedBefore,
  runningSince,
}: FailingContainer['container']): boolean {
  return !ended && !endedBefore && runningSince === undefined;
}

function explainMissing(
  situation: Situation,
  message: string,
  evidence: Explanation['evidence'],
): Explanation {
  const [, kind, name] = /\b(secret|configmap) "([^"]+)"/i.exec(message) ?? [];
  const [, key, ofKind, ofName] =
    /find key (\S+) in (Secret|ConfigMap) (?:\S+\/)?(\S+)/i.exec(message) ?? [];
  const isSecret = /secret/i.test(kind ?? ofKind ?? message);
  const what = isSecret ? 'Secret' : 'ConfigMap';
  return {
    cause: isSecret ? 'secret-missing' : 'config-missing',
    summary: `${
      key
        ? `The ${what} '${ofName}' has no key '${key}'`
        : `The ${what} '${name ?? 'it needs'}' is not there`
    }, and the container needs it to start${countFailing(situation)}.`,
    nextStep: isSecret
      ? 'Create the secret in the namespace, or repair what syncs it from the vault; the pods start by themselves then.'
      : 'Add it to the manifests in Git, or correct the name; the pods start by themselves then.',
    evidence,
  };
}

function explainVolume(situation: Situation): Explanation | undefined {
  for (const pod of failingPods(situation.pods)) {
    const pending =
      /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "?[^" ]+"? not found/i;
    const event = findEvent(
      situation,
      pod.uid,
      ['FailedScheduling', 'FailedMount', 'FailedAttachVolume'],
      /PersistentVolumeClaim|volume/i,
    );
    const [claim] = pod.claims;
    if (
      claim &&
      (pending.test(pod.unschedulable ?? '') || (event && !pod.node))
    ) {
      const claimEvent = situation.events.find(
        ({ regarding }) =>
          regarding.kind === 'PersistentVolumeClaim' &&
          pod.claims.includes(regarding.name ?? ''),
      );
      const missing = /not found/i.test(pod.unschedulable ?? '');
      return {
        cause: 'volume-pending',
        summary: `The pod waits for its volume: the PersistentVolumeClaim '${
          claimEvent?.regarding.name ?? claim
        }' ${missing ? 'is not there' : 'has no volume yet'}${countFailing(
          situation,
        )}.`,
        nextStep: missing
          ? 'Add the claim to the manifests in Git, or correct its name.'
          : 'Check that the storage class of the claim exists, and that there is room for its size.',
        evidence: [
          {
            kind: 'status',
            object: podName(pod),
            lines: [pod.unschedulable ?? 'Pending'],
          },
          ...(claimEvent ? [eventEvidence(claimEvent)] : []),
        ],
      };
    }
  }
  return undefined;
}

function explainScheduling(situation: Situation): Explanation | undefined {
  const pod = failingPods(situation.pods).find(
    each => !each.node && each.unschedulable,
  );
  if (!pod) {
    return undefined;
  }
  const message = pod.unschedulable ?? '';
  const short = [
    ...new Set(message.match(/Insufficient [\w/-]+(?:\.[\w/-]+)*/g) ?? []),
  ].map(part => part.replace('Insufficient ', ''));
  const [first] = message.split(/\.\s|\bpreemption:/);
  return {
    cause: 'unschedulable',
    summary: `No node takes the pod: ${
      short.length > 0
        ? `none has enough ${short.join(' and ')} left`
        : first.replace(/\.$/, '')
    }${countFailing(situation)}.`,
    nextStep:
      short.length > 0
        ? 'Lower the requests in Git if they are more than it needs, or ask the platform team for more nodes.'
        : 'Check node selectors, affinities and tolerations in the manifests against the nodes of the cluster.',
    evidence: [{ kind: 'status', object: podName(pod), lines: [message] }],
  };
}

function explainEviction(situation: Situation): Explanation | undefined {
  const pod = failingPods(situation.pods).find(
    ({ phase, reason }) => phase === 'Failed' && reason === 'Evicted',
  );
  return (
    pod && {
      cause: 'evicted',
      summary: `A pod was evicted from its node: ${quote(
        pod.message ?? 'the node ran out of something',
      )}`,
      nextStep:
        'Set requests that fit what the pod uses, so that the scheduler leaves it room; ask the platform team if the node is full of others.',
      evidence: [
        { kind: 'status', object: podName(pod), lines: [pod.message ?? ''] },
      ],
    }
  );
}

function explainInit(situation: Situation): Explanation | undefined {
  const found = findContainer(
    situation,
    ({ ended, endedBefore, init, ready }) =>
      init && !ready && ((ended ?? endedBefore)?.exitCode ?? 0) !== 0,
  );
  if (!found) {
    return undefined;
  }
  const { container } = found;
  const end = container.ended ?? container.endedBefore;
  return {
    cause: 'init-container-failed',
    summary: `The init container '${container.name}' ends with code ${
      end?.exitCode
    }, so the service itself never starts${countFailing(situation)}.`,
    nextStep:
      'Read its log below and repair what it waits for or runs; it is tried again by itself.',
    evidence: [
      containerEvidence(found, describeEnd(found)),
      ...logEvidence(situation, found),
    ],
  };
}

function explainMemory(situation: Situation): Explanation | undefined {
  const found = findContainer(
    situation,
    ({ ended, endedBefore }) => (ended ?? endedBefore)?.reason === 'OOMKilled',
  );
  return (
    found && {
      cause: 'out-of-memory',
      summary: `The container '${
        found.container.name
      }' uses more memory than its limit and is killed${restarts(
        found,
      )}${countFailing(situation)}.`,
      nextStep:
        'Raise its memory limit in Git if it needs more, or find what grows; the version before may not have it.',
      evidence: [
        containerEvidence(found, describeEnd(found)),
        ...logEvidence(situation, found),
      ],
    }
  );
}

function explainLiveness(situation: Situation): Explanation | undefined {
  for (const pod of failingPods(situation.pods)) {
    const event = findEvent(
      situation,
      pod.uid,
      ['Unhealthy'],
      /^(Liveness|Startup) probe failed/,
    );
    const container = pod.containers.find(
      ({ init, restarts: count }) => !init && count > 0,
    );
    if (event && container) {
      const found = { pod, container };
      return {
        cause: 'liveness-probe-failed',
        summary: `The container '${
          container.name
        }' does not answer its ${event.message
          .split(' ', 1)[0]
          .toLocaleLowerCase('en-US')} probe and is restarted${restarts(
          found,
        )}${countFailing(situation)}.`,
        nextStep:
          'Check the path and port of the probe, and whether the service needs longer to start than the probe waits.',
        evidence: [eventEvidence(event), ...logEvidence(situation, found)],
      };
    }
  }
  return undefined;
}

function explainStart(situation: Situation): Explanation | undefined {
  const found = findContainer(
    situation,
    ({ ended, endedBefore, waiting }) =>
      CANNOT_START.test(waiting?.reason ?? '') ||
      CANNOT_START.test((ended ?? endedBefore)?.reason ?? ''),
  );
  if (!found) {
    return undefined;
  }
  const { container } = found;
  const message =
    (container.ended ?? container.endedBefore)?.message ??
    container.waiting?.message ??
    'no reason is given';
  return {
    cause: 'container-not-started',
    summary: `The container '${container.name}' cannot be started: ${quote(
      message,
    )}`,
    nextStep:
      'Check its command, its arguments and the user it runs as: the image may not have what they name.',
    evidence: [containerEvidence(found, message)],
  };
}

function explainCrash(situation: Situation): Explanation | undefined {
  const found = findContainer(
    situation,
    ({ ended, endedBefore, init, waiting }) =>
      !init &&
      (waiting?.reason === 'CrashLoopBackOff' ||
        ((ended ?? endedBefore)?.exitCode ?? 0) !== 0),
  );
  if (!found) {
    return undefined;
  }
  const evidence = logEvidence(situation, found);
  const last = lastWords(evidence[0]?.lines ?? []);
  const end = found.container.ended ?? found.container.endedBefore;
  return {
    cause: 'crash-loop',
    summary: `The container '${
      found.container.name
    }' crashes soon after its start${
      end ? ` with exit code ${end.exitCode}` : ''
    }${restarts(found)}${last ? `: ${last}` : ''}${countFailing(situation)}.`,
    nextStep:
      end?.exitCode === KILLED
        ? 'It was killed from outside: look at its probes and at the events of its node.'
        : 'Read its last lines below. If it came with the last version, go back to the one before.',
    evidence: [containerEvidence(found, describeEnd(found)), ...evidence],
  };
}

function explainReadiness(situation: Situation): Explanation | undefined {
  const found = findContainer(
    situation,
    ({ init, ready, runningSince }) =>
      !init && !ready && runningSince !== undefined,
  );
  const event =
    found &&
    findEvent(situation, found.pod.uid, ['Unhealthy'], /^Readiness probe/);
  if (!found || !event) {
    return undefined;
  }
  const evidence = logEvidence(situation, found);
  const last = lastWords(evidence[0]?.lines ?? []);
  return {
    cause: 'readiness-probe-failed',
    summary: `The container '${
      found.container.name
    }' runs, but does not become ready: its readiness probe fails${
      last ? `. It says: ${last}` : ''
    }${countFailing(situation)}.`,
    nextStep:
      'Read its last lines below: a service that is not ready usually says what it waits for.',
    evidence: [eventEvidence(event), ...evidence],
  };
}

function describeEnd({ container }: FailingContainer): string {
  const end = container.ended ?? container.endedBefore;
  return [
    container.waiting?.reason,
    end && `${end.reason ?? 'Ended'}, exit code ${end.exitCode}`,
    end?.message,
  ]
    .filter(Boolean)
    .join(': ');
}

function restarts({ container }: FailingContainer): string {
  return container.restarts > 1 ? `, ${container.restarts} times so far` : '';
}
