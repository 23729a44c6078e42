import { parsePolicyDenials } from '@waystone/integrations';
import type { PolicyDenial } from '@waystone/integrations';
import type {
  Evidence,
  Explanation,
  ObjectName,
} from '@waystone/plugin-delivery-common';
import type { DeliveryProblem } from '@waystone/plugin-delivery-node';
import { redactSecrets } from './redactSecrets';
import { failingPods, logEvidence } from './Situation';
import type { Situation } from './Situation';

/** How many policies a sentence names. */
const MOST_POLICIES = 3;

/** How much of a message a sentence quotes. */
const MOST_CHARACTERS = 240;

/** What the source could not do: make the manifests, have them accepted, run its hooks. */
export function explainProblems(situation: Situation): Explanation[] {
  return situation.problems.map(problem => {
    switch (problem.stage) {
      case 'specification':
        return {
          cause: 'specification-invalid',
          summary: `What is to be deployed is not said rightly: ${quote(
            problem.message,
          )}`,
          nextStep:
            'Correct the source, path, project or destination of the Application.',
          evidence: [messageEvidence(problem)],
        };
      case 'render':
        return explainRendering(problem);
      case 'hook':
        return explainHook(situation, problem);
      default:
        return explainRefusal(problem);
    }
  });
}

const UNREACHABLE =
  /repository not found|could not read from remote|authentication (required|failed)|failed to list refs|failed to fetch|no such host|connection refused|i\/o timeout|could not resolve host|unable to access|tls: |x509: /i;

function explainRendering(problem: DeliveryProblem): Explanation {
  return UNREACHABLE.test(problem.message)
    ? {
        cause: 'repository-unreachable',
        summary: `The repository with the manifests cannot be read: ${quote(
          problem.message,
        )}`,
        nextStep:
          'Check that the repository is there, that its Git server answers, and that the credentials in Argo CD still work.',
        evidence: [messageEvidence(problem)],
      }
    : {
        cause: 'manifests-broken',
        summary: `The manifests in Git cannot be rendered: ${quote(
          problem.message,
        )}`,
        nextStep:
          'Correct the file in Git that the message names; what runs stays as it is until then.',
        evidence: [messageEvidence(problem)],
      };
}

function explainHook(
  situation: Situation,
  problem: DeliveryProblem,
): Explanation {
  const { message, object } = problem;
  const job = situation.objects.find(
    ({ kind, name }) => kind === object?.kind && name === object.name,
  );
  // A Job is known by its pods even where the source does not list it.
  const ofJob = situation.pods.filter(
    pod => pod.owner === job?.id || pod.name.startsWith(`${object?.name}-`),
  );
  const [pod] = failingPods(ofJob);
  return {
    cause: 'hook-failed',
    summary: `The ${
      object ? `hook ${describe(object)}` : 'hook'
    } failed, so the change was not made: ${quote(message)}`,
    nextStep:
      'Read the log of the hook, repair what it runs, and sync again. What was there before goes on running.',
    evidence: [
      messageEvidence(problem),
      ...(pod?.containers ?? []).flatMap(container =>
        logEvidence(situation, { pod, container }),
      ),
    ],
  };
}

function explainRefusal(problem: DeliveryProblem): Explanation {
  const { message, object } = problem;
  const what = object ? describe(object) : 'The change';
  const refused = explainDenials(message, what, [messageEvidence(problem)]);
  if (refused) {
    return refused;
  }
  if (/field is immutable|updates to \w+ spec for fields other/.test(message)) {
    const [, field] = /(spec[\w.[\]]*):/.exec(message) ?? [];
    return {
      cause: 'immutable-field',
      summary: `${what} cannot be changed as Git asks: ${
        field ? `'${field}'` : 'one of its fields'
      } cannot be changed once the object exists.`,
      nextStep:
        'Take the change of that field back, give the object another name, or delete it in a quiet hour so that it is made anew.',
      evidence: [messageEvidence(problem)],
    };
  }
  return {
    cause: 'sync-failed',
    summary: `${what} could not be applied: ${quote(message)}`,
    nextStep:
      'Correct the manifest in Git that the message is about, or retry the sync if the cluster was not reachable.',
    evidence: [messageEvidence(problem)],
  };
}

/** Why a cluster refused an object, if it was a policy or a quota. */
export function explainDenials(
  message: string,
  what: string,
  evidence: Evidence[],
): Explanation | undefined {
  const denials = parsePolicyDenials(message);
  const [first] = denials;
  if (!first) {
    return undefined;
  }
  if (first.engine === 'quota') {
    return {
      cause: 'quota-exceeded',
      summary: `${what} would take more than the quota '${
        first.policy
      }' of the namespace leaves: ${quote(first.message)}`,
      nextStep:
        'Ask for less, remove what is not needed in the namespace, or ask the platform team for a larger quota.',
      evidence,
    };
  }
  const names = [...new Set(denials.map(nameOf))];
  const more = names.length - MOST_POLICIES;
  return {
    cause: 'policy-denied',
    summary: `${what} was refused by ${
      names.length > 1 ? 'the policies' : 'the policy'
    } ${names
      .slice(0, MOST_POLICIES)
      .map(name => `'${name}'`)
      .join(', ')}${more > 0 ? ` and ${more} more` : ''}: ${quote(
      // What Gatekeeper adds when it judges the pods of a workload.
      first.message.replace(/^\[Implied by [^\]]+\]\s*/, ''),
    )}`,
    nextStep:
      'Change the manifest in Git so that it keeps the rule; if the rule is wrong here, ask the platform team for an exemption.',
    evidence,
  };
}

function nameOf({ policy, rule }: PolicyDenial): string {
  return rule ? `${policy}/${rule}` : policy;
}

function messageEvidence({ at, message, object }: DeliveryProblem): Evidence {
  return {
    kind: 'message',
    object,
    lines: redactSecrets(message).split('\n').slice(0, 20),
    at,
  };
}

/** A message as the end of a sentence. */
export function quote(message: string): string {
  const line = redactSecrets(message.replace(/\s+/g, ' ').trim());
  const short =
    line.length > MOST_CHARACTERS
      ? `${line.slice(0, MOST_CHARACTERS - 1)}…`
      : line;
  return /[.…]$/.test(short) ? short : `${short}.`;
}

/** An object as people call it. */
export function describe({ kind, name }: ObjectName): string {
  return `${kind} ${name}`;
}
