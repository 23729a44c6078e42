import type { ResolvedApplication } from '../resolve/ResolvedApplication';
import { Sourced } from '../resolve/Sourced';
import type { Workload } from '../schema/Application';
import type { DraftValue } from './Draft';

type Variable = NonNullable<Workload['env']>[string];

/** The environment variables of a container: the platform's, the bindings', then the application's own. */
export function createVariables(resolved: ResolvedApplication): DraftValue[] {
  const variables = new Map<string, DraftValue>();
  const set = (name: string, value: Sourced<string>) =>
    variables.set(name, { name, value: escapeReferences(value) });
  const platform = (value: string) => new Sourced(value, 'set by the platform');
  const { environment, layers, name, ports, version, system } = resolved;
  set('ENVIRONMENT', platform(environment.name));
  if (ports.length > 0) {
    set('PORT', platform(String(ports[0].port)));
  }
  set('OTEL_SERVICE_NAME', platform(name));
  set(
    'OTEL_RESOURCE_ATTRIBUTES',
    platform(
      `service.namespace=${system},service.version=${version.value},deployment.environment.name=${environment.name}`,
    ),
  );
  const { telemetryEndpoint } = resolved.platform;
  if (telemetryEndpoint) {
    set('OTEL_EXPORTER_OTLP_ENDPOINT', platform(telemetryEndpoint));
  }
  for (const { env, secret, origin, values } of resolved.bindings) {
    for (const [variable, value] of Object.entries(values)) {
      set(variable, new Sourced(value, origin));
    }
    for (const variable of Object.keys(env).sort()) {
      variables.set(
        variable,
        secretVariable(variable, secret, env[variable], origin),
      );
    }
  }
  for (const variable of layers.keys('env').sort()) {
    const value = layers.pick<Variable>('env', variable)!;
    // Set anew, so that it stands where the application's own variables are
    variables.delete(variable);
    variables.set(variable, toVariable(resolved, variable, value));
  }
  return [...variables.values()];
}

function toVariable(
  { bindings }: ResolvedApplication,
  name: string,
  { value, origin }: Sourced<Variable>,
): DraftValue {
  if (typeof value !== 'object') {
    return {
      name,
      value: escapeReferences(new Sourced(String(value), origin)),
    };
  }
  if ('secret' in value) {
    return secretVariable(name, value.secret, value.key, origin);
  }
  const binding = bindings.find(each => each.name === value.binding);
  return secretVariable(
    name,
    binding?.secret ?? value.binding,
    value.key,
    `binding ${value.binding}, ${origin}`,
  );
}

function secretVariable(
  name: string,
  secret: string,
  key: string,
  origin: string,
): DraftValue {
  return {
    name,
    valueFrom: {
      secretKeyRef: { name: new Sourced(secret, origin), key },
    },
  };
}

/** Kubernetes replaces `$(NAME)`, and `$$` by `$`; a value is meant as it is written. */
function escapeReferences(value: Sourced<string>): Sourced<string> {
  return value.map(text =>
    text.replace(/\$+\(|\${2,}/g, found => found.replaceAll('$', '$$$$')),
  );
}
