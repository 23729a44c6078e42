/**
 * A policy that said no, in its own words.
 *
 * @public
 */
export interface PolicyDenial {
  readonly engine:
    | 'gatekeeper'
    | 'kyverno'
    | 'validating-admission-policy'
    | 'pod-security'
    | 'quota'
    | 'webhook';
  /** The constraint, policy, quota or webhook. */
  readonly policy: string;
  /** The rule within the policy, where there are several. */
  readonly rule?: string;
  readonly message: string;
}

const WEBHOOK =
  /admission webhook "([^"]+)" denied the request(?::\s*([\s\S]*))?$/;
const GATEKEEPER_LINE = /^\[([^\]]+)\]\s*([\s\S]*)$/;
const ADMISSION_POLICY =
  /ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request:\s*([\s\S]*)$/;
const POD_SECURITY = /violates PodSecurity "([^"]+)":\s*([\s\S]*)$/;
const QUOTA = /(exceeded quota|failed quota): ([^,:]+)[,:]\s*([\s\S]*)$/;

/**
 * Finds policies in the message of a refused write.
 *
 * @remarks
 * The forms are those of Gatekeeper 3.23 (`[constraint] message`, one or more), Kyverno 1.19 (policies with their
 * rules as YAML, or `Policy name failed: message`), validating admission policies, Pod Security, and quotas.
 *
 * @public
 */
export function parsePolicyDenials(message: string): readonly PolicyDenial[] {
  const [, policy, text] = ADMISSION_POLICY.exec(message) ?? [];
  if (policy) {
    return [
      { engine: 'validating-admission-policy', policy, message: text.trim() },
    ];
  }
  const [, level, violations] = POD_SECURITY.exec(message) ?? [];
  if (level) {
    return [
      { engine: 'pod-security', policy: level, message: violations.trim() },
    ];
  }
  const [, , quota, usage] = QUOTA.exec(message) ?? [];
  if (quota) {
    return [{ engine: 'quota', policy: quota.trim(), message: usage.trim() }];
  }
  const [, webhook, reason = ''] = WEBHOOK.exec(message) ?? [];
  if (!webhook) {
    return [];
  }
  const denials = parseReason(webhook, reason);
  return denials.length > 0
    ? denials
    : [{ engine: 'webhook', policy: webhook, message: reason.trim() }];
}

function parseReason(webhook: string, reason: string): PolicyDenial[] {
  if (webhook.includes('gatekeeper')) {
    return parseGatekeeper(reason);
  }
  return webhook.includes('kyverno') ? parseKyverno(reason) : [];
}

function parseGatekeeper(text: string): PolicyDenial[] {
  return text
    .split(/\n(?=\[)/)
    .map(line => GATEKEEPER_LINE.exec(line.trim()))
    .filter(match => match !== null)
    .map(([, policy, message]) => ({
      engine: 'gatekeeper',
      policy,
      message: message.trim(),
    }));
}

function parseKyverno(text: string): PolicyDenial[] {
  const [, single, failure] =
    /^Policy (\S+) (?:failed|error):\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  if (single) {
    return [{ engine: 'kyverno', policy: single, message: failure.trim() }];
  }
  const denials: PolicyDenial[] = [];
  let policy: string | undefined;
  for (const line of text.split('\n')) {
    const [, name] = /^([a-z0-9][a-z0-9.-]*):\s*$/.exec(line) ?? [];
    const [, rule, message] =
      /^ {2,}([a-zA-Z0-9][\w.-]*):\s*(\S.*)$/.exec(line) ?? [];
    if (name) {
      policy = name;
    } else if (policy && rule) {
      denials.push({
        engine: 'kyverno',
        policy,
        rule,
        message: message.replace(/^['"|>-]+\s*|['"]$/g, '').trim(),
      });
    } else if (line.trim() && denials.length > 0) {
      // YAML folds long messages.
      const last = denials.pop()!;
      denials.push({
        ...last,
        message: `${last.message} ${line.trim().replace(/['"]$/, '')}`.trim(),
      });
    }
  }
  return denials;
}
