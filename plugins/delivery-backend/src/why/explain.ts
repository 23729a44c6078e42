import type { Cause, Explanation } from '@waystone/plugin-delivery-common';
import { explainLogs } from './explainLogs';
import {
  explainCertificate,
  explainRefusedPods,
  explainWhole,
} from './explainObjects';
import { POD_RULES } from './explainPods';
import { explainProblems } from './explainProblems';
import type { Rule, Situation } from './Situation';

/**
 * In the order in which somebody would look: what could not be applied comes before what runs of the version before,
 * and what keeps a pod from starting before what it says when it runs.
 */
const RULES: readonly Rule[] = [
  explainRefusedPods,
  ...POD_RULES.slice(0, 7),
  explainLogs,
  ...POD_RULES.slice(7),
  explainCertificate,
];

/** What follows from something that the log names. */
const SYMPTOMS = new Set<Cause>(['crash-loop', 'readiness-probe-failed']);

/** Says why a deployment is as it is. The same situation always has the same explanation. */
export function explain(situation: Situation): {
  readonly explanation?: Explanation;
  readonly others: Explanation[];
} {
  const found = [
    ...explainProblems(situation),
    ...RULES.flatMap(rule => rule(situation) ?? []),
  ];
  // A container that crashes because of a certificate is explained by the certificate.
  const causes = new Map<Cause, Explanation>();
  for (const each of found) {
    if (!causes.has(each.cause)) {
      causes.set(each.cause, each);
    }
  }
  const said =
    causes.has('certificate-expired') || causes.has('dependency-unreachable');
  const [explanation, ...others] = [...causes.values()].filter(
    ({ cause }) => !said || !SYMPTOMS.has(cause),
  );
  return explanation
    ? { explanation, others }
    : { explanation: explainWhole(situation), others: [] };
}
