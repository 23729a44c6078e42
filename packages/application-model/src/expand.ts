import { printYaml } from './output/printYaml';
import type { Manifest } from './output/unwrap';
import { namespaceOf } from './resolve/Environment';
import type { TargetEnvironment } from './resolve/Environment';
import type { InfrastructureKind } from './resolve/bindingKinds';
import { API_VERSION } from './schema/Application';
import type { Application, ApplicationSpec } from './schema/Application';
import type { ServiceRequest } from './schema/ServiceRequest';

/** Infrastructure that an application needs, in every environment. @public */
export interface InfrastructureRequest {
  readonly kind: InfrastructureKind;
  readonly name: string;
  /** What was said. The platform fills in the rest. */
  readonly spec: Readonly<Record<string, string | number | boolean>>;
  /** Whether {@link createInfrastructure} decides by the environment if there is more than one replica. */
  readonly replicated: boolean;
}

/** What a ServiceRequest stands for. @public */
export interface Expansion {
  readonly application: Application;
  readonly infrastructure: readonly InfrastructureRequest[];
}

type RequestSpec = ServiceRequest['spec'];

/** A nightly job, at a time of little load. */
const DEFAULT_SCHEDULE = '0 3 * * *';

/**
 * The Application and the infrastructure that a ServiceRequest stands for.
 *
 * @public
 */
export function expand({ metadata, spec }: ServiceRequest): Expansion {
  const infrastructure = listInfrastructure(metadata.name, spec);
  const bindings = infrastructure.map(({ kind, name }) => ({
    name: name.slice(metadata.name.length + 1),
    kind,
  }));
  const fields: Partial<ApplicationSpec> = {
    description: spec.description,
    costCenter: spec.costCenter,
    tier: spec.tier,
    version: spec.version ?? '0.1.0',
    schedule:
      spec.type === 'job' ? spec.schedule ?? DEFAULT_SCHEDULE : undefined,
    ports: spec.type === 'worker' ? [] : undefined,
    size: spec.resources,
    ...toScaling(spec.scaling),
    ...toMonitoring(spec),
    ingress:
      spec.type !== 'worker' &&
      spec.type !== 'job' &&
      (spec.exposure ?? (spec.type === 'website' ? 'public' : 'internal')) ===
        'public'
        ? {}
        : undefined,
    bindings: bindings.length > 0 ? bindings : undefined,
  };
  return {
    application: {
      apiVersion: API_VERSION,
      kind: 'Application',
      metadata,
      spec: {
        owner: spec.owner,
        system: spec.system,
        ...Object.fromEntries(
          Object.entries(fields).filter(([, value]) => value !== undefined),
        ),
      },
    },
    infrastructure,
  };
}

/**
 * The object that asks the platform for infrastructure in one environment.
 *
 * @public
 */
export function createInfrastructure(
  request: InfrastructureRequest,
  { metadata, spec }: Application,
  environment: TargetEnvironment,
): Manifest {
  const owner = spec.owner.replace(/^.*[:/]/, '');
  return {
    apiVersion: API_VERSION,
    kind: request.kind,
    metadata: {
      name: request.name,
      namespace: namespaceOf(environment, spec.system),
      labels: {
        'app.kubernetes.io/name': request.name,
        'app.kubernetes.io/part-of': spec.system,
        'backstage.io/kubernetes-id': metadata.name,
        owner,
        'cost-center': spec.costCenter ?? `cc-${owner}`.slice(0, 63),
        environment: environment.name,
      },
    },
    spec: {
      ...request.spec,
      ...(request.replicated &&
        environment.protected && { highAvailability: true }),
    },
  };
}

/**
 * An Application as the text of its file, with the line that makes editors complete it.
 *
 * @param schemaUrl - where the JSON Schema is
 *
 * @public
 */
export function printApplication(
  application: Application,
  schemaUrl?: string,
): string {
  const line = schemaUrl
    ? `# yaml-language-server: $schema=${encodeURI(schemaUrl)}\n`
    : '';
  return `${line}${printYaml(application)}`;
}

function listInfrastructure(
  application: string,
  { cache, database, queue, storage }: RequestSpec,
): InfrastructureRequest[] {
  const requests: InfrastructureRequest[] = [];
  const add = (
    suffix: string,
    kind: InfrastructureKind,
    said: object | string,
  ) => {
    const { engine: _, ...spec } = (
      typeof said === 'string' ? {} : said
    ) as Record<string, string | number | boolean>;
    requests.push({
      kind,
      name: `${application}-${suffix}`,
      spec,
      replicated: kind !== 'Bucket' && spec.highAvailability === undefined,
    });
  };
  if (database) {
    const engine = typeof database === 'string' ? database : database.engine;
    add(
      'database',
      engine === 'postgresql' ? 'PostgreSQLInstance' : 'MongoDBInstance',
      database,
    );
  }
  if (cache) {
    add('cache', 'RedisInstance', cache);
  }
  if (queue) {
    add('queue', 'MessageQueue', queue);
  }
  if (storage) {
    add('files', 'Bucket', storage);
  }
  return requests;
}

function toScaling(scaling: RequestSpec['scaling']): Partial<ApplicationSpec> {
  if (scaling === undefined) {
    return {};
  }
  return typeof scaling === 'object'
    ? { replicas: 'auto', scaling }
    : { replicas: scaling };
}

function toMonitoring({ monitoring }: RequestSpec): Partial<ApplicationSpec> {
  if (monitoring === 'none') {
    return { monitoring: false };
  }
  return typeof monitoring === 'object' ? { slos: monitoring } : {};
}
