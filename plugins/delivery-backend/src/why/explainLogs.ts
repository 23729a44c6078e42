import type { Cause, Explanation } from '@waystone/plugin-delivery-common';
import { lastWords } from './lastWords';
import {
  containerEvidence,
  countFailing,
  failingPods,
  logEvidence,
} from './Situation';
import type { Situation } from './Situation';

/** What lines of programs of all kinds say alike, and what it means. */
const SAYINGS: readonly {
  readonly cause: Cause;
  readonly pattern: RegExp;
  readonly summary: (container: string, words: string) => string;
  readonly nextStep: string;
}[] = [
  {
    cause: 'certificate-expired',
    pattern:
      /certificate has expired|CERT_HAS_EXPIRED|certificate expired|x509: certificate .* expired|CertificateExpiredException|NotAfter:/i,
    summary: (container, words) =>
      `The container '${container}' meets a certificate that has expired: ${words}`,
    nextStep:
      'Renew the certificate, or have cert-manager renew it; the line below names whose it is or which call it was.',
  },
  {
    cause: 'dependency-unreachable',
    pattern:
      /ECONNREFUSED|connection refused|ENOTFOUND|no such host|Name or service not known|ETIMEDOUT|connect timed out|could not connect to (the )?(database|server)|database is unavailable|no route to host|Connection reset by peer/i,
    summary: (container, words) =>
      `The container '${container}' cannot reach what it needs: ${words}`,
    nextStep:
      'Look at the service or database that the line names: it may be down, or a network policy may be in the way.',
  },
];

/** What the logs of pods that do not run well say by themselves. */
export function explainLogs(situation: Situation): Explanation | undefined {
  for (const saying of SAYINGS) {
    for (const pod of failingPods(situation.pods)) {
      for (const container of pod.containers) {
        const evidence = logEvidence(situation, { pod, container });
        const lines = evidence[0]?.lines ?? [];
        const line = lines.findLast(each => saying.pattern.test(each));
        if (line && !container.ready) {
          return {
            cause: saying.cause,
            summary: `${saying.summary(
              container.name,
              lastWords([line]) ?? line.trim(),
            )}${countFailing(situation)}.`,
            nextStep: saying.nextStep,
            evidence: [
              containerEvidence({ pod, container }, stateOf(container)),
              ...evidence,
            ],
          };
        }
      }
    }
  }
  return undefined;
}

function stateOf(container: {
  readonly waiting?: { readonly reason?: string };
  readonly runningSince?: string;
}): string {
  return (
    container.waiting?.reason ??
    (container.runningSince === undefined ? 'Not ready' : 'Running, not ready')
  );
}
