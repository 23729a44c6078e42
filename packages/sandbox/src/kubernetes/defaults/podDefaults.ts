import type { JsonObject } from '../patch/jsonValues';

/** Puts the defaults below what is given. */
export function withDefaults(
  defaults: JsonObject,
  given: JsonObject | undefined,
): JsonObject {
  return { ...defaults, ...given };
}

/** The spec of a pod with what the API server fills in. */
export function defaultPodSpec(spec: JsonObject): JsonObject {
  const result = withDefaults(
    {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
    spec,
  );
  if (result.serviceAccountName && !result.serviceAccount) {
    result.serviceAccount = result.serviceAccountName;
  } else if (result.serviceAccount && !result.serviceAccountName) {
    result.serviceAccountName = result.serviceAccount;
  }
  for (const field of ['containers', 'initContainers']) {
    if (Array.isArray(result[field])) {
      result[field] = result[field].map(defaultContainer);
    }
  }
  if (Array.isArray(result.volumes)) {
    result.volumes = result.volumes.map(defaultVolume);
  }
  return result;
}

/** A pod's template with what the API server fills in. */
export function defaultPodTemplate(
  template: JsonObject | undefined,
): JsonObject {
  return {
    ...template,
    metadata: template?.metadata ?? {},
    spec: defaultPodSpec(template?.spec ?? {}),
  };
}

function defaultContainer(container: JsonObject): JsonObject {
  const result = withDefaults(
    {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: defaultPullPolicy(container.image ?? ''),
    },
    container,
  );
  if (Array.isArray(result.ports)) {
    result.ports = result.ports.map((port: JsonObject) =>
      withDefaults({ protocol: 'TCP' }, port),
    );
  }
  if (Array.isArray(result.env)) {
    result.env = result.env.map(defaultVariable);
  }
  for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (result[field]) {
      result[field] = defaultProbe(result[field]);
    }
  }
  const { limits, requests } = result.resources;
  if (limits) {
    result.resources = {
      ...result.resources,
      requests: { ...limits, ...requests },
    };
  }
  return result;
}

function defaultPullPolicy(image: string): string {
  const name = image.split('@')[0];
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  const isLatest =
    !image.includes('@') && (tag === undefined || tag === 'latest');
  return isLatest ? 'Always' : 'IfNotPresent';
}

function defaultVariable(variable: JsonObject): JsonObject {
  const field = variable.valueFrom?.fieldRef;
  return field && !field.apiVersion
    ? {
        ...variable,
        valueFrom: {
          ...variable.valueFrom,
          fieldRef: { apiVersion: 'v1', ...field },
        },
      }
    : variable;
}

function defaultProbe(probe: JsonObject): JsonObject {
  const result = withDefaults(
    {
      timeoutSeconds: 1,
      periodSeconds: 10,
      successThreshold: 1,
      failureThreshold: 3,
    },
    probe,
  );
  if (result.httpGet) {
    result.httpGet = withDefaults(
      { path: '/', scheme: 'HTTP' },
      result.httpGet,
    );
  }
  if (result.grpc) {
    result.grpc = withDefaults({ service: '' }, result.grpc);
  }
  return result;
}

const FILE_MODE = 0o644;

function defaultVolume(volume: JsonObject): JsonObject {
  const result = { ...volume };
  for (const field of ['secret', 'configMap', 'downwardAPI']) {
    if (result[field]) {
      result[field] = withDefaults({ defaultMode: FILE_MODE }, result[field]);
    }
  }
  if (result.projected) {
    result.projected = {
      defaultMode: FILE_MODE,
      ...result.projected,
      sources: (result.projected.sources ?? []).map((source: JsonObject) =>
        source.serviceAccountToken
          ? {
              ...source,
              serviceAccountToken: {
                expirationSeconds: 3600,
                ...source.serviceAccountToken,
              },
            }
          : source,
      ),
    };
  }
  if (result.hostPath) {
    result.hostPath = withDefaults({ type: '' }, result.hostPath);
  }
  if (Object.keys(result).length === 1) {
    result.emptyDir = {};
  }
  return result;
}
