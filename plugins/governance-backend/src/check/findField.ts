type Manifest = Readonly<Record<string, any>>;

/** Kyverno: `failed at path /spec/containers/0/image/`. */
const PATH = /(?:failed )?at path (\/\S+)/;
const CONTAINER =
  /(?:(?:init|ephemeral)?[Cc]ontainer <?)([a-z0-9]([-a-z0-9]*[a-z0-9])?)>?/;
const NOT_ALLOWED = /container is not allowed: ([a-z0-9-]+)/;
const PROBE = /<((?:readiness|liveness|startup)Probe)>/;
const LABELS = /labels?: \{([^}]*)\}/i;
const LABEL = /[Ll]abel <([^:>]+):/;
const FIELD = /\b((?:spec|metadata)\.[A-Za-z0-9_.[\]-]+)/;

/** The field of an object that a policy speaks of in its own words; undefined if it cannot be told. */
export function findField(
  message: string,
  manifest: Manifest,
): string | undefined {
  const [, path] = PATH.exec(message) ?? [];
  if (path) {
    return path
      .split('/')
      .filter(part => part !== '')
      .map(
        (part, index) =>
          (/^\d+$/.test(part) && `[${part}]`) ||
          (index === 0 ? part : `.${part}`),
      )
      .join('');
  }
  const label =
    LABELS.exec(message)?.[1].split(',')[0].trim().replaceAll('"', '') ??
    LABEL.exec(message)?.[1].trim();
  if (label) {
    return `metadata.labels.${label}`;
  }
  return findContainerField(message, manifest) ?? FIELD.exec(message)?.[1];
}

function findContainerField(
  message: string,
  manifest: Manifest,
): string | undefined {
  const names = [CONTAINER, NOT_ALLOWED].flatMap(
    pattern => pattern.exec(message)?.[1] ?? [],
  );
  const [path, pod] = podOf(manifest);
  for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
    const containers: unknown = pod?.[list];
    const index = Array.isArray(containers)
      ? containers.findIndex(container => names.includes(container?.name))
      : -1;
    if (index >= 0) {
      return [`${path}.${list}[${index}]`, fieldOf(message)]
        .filter(Boolean)
        .join('.');
    }
  }
  return undefined;
}

/** The pod in an object, and where it is. */
function podOf({ kind, spec }: Manifest): readonly [string, Manifest?] {
  switch (kind) {
    case 'Pod':
      return ['spec', spec];
    case 'CronJob':
      return [
        'spec.jobTemplate.spec.template.spec',
        spec?.jobTemplate?.spec?.template?.spec,
      ];
    default:
      return ['spec.template.spec', spec?.template?.spec];
  }
}

function fieldOf(message: string): string | undefined {
  const [, probe] = PROBE.exec(message) ?? [];
  if (probe) {
    return probe;
  }
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/privilege escalation/i, 'securityContext.allowPrivilegeEscalation'],
    [/privileged/i, 'securityContext.privileged'],
    [/runAsNonRoot|runAsUser|disallowed user/i, 'securityContext'],
    [/\b(cpu|memory)\b.*limit/i, 'resources.limits'],
    [/limit/i, 'resources.limits'],
    [/image|tag|repo/i, 'image'],
  ];
  return kinds.find(([pattern]) => pattern.test(message))?.[1];
}
