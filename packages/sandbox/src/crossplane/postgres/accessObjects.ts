import { controllerReference } from '../../kubernetes/controllers/ownerReferences';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';

/** How a database is reached. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

/** What the Secret of a database says; undefined if there is none. */
export function readPassword(
  cluster: Pick<KubernetesCluster, 'get'>,
  namespace: string,
  name: string,
): string | undefined {
  const secret = cluster.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace,
    name: `${name}-app`,
  });
  const encoded = secret?.data?.password;
  return typeof encoded === 'string'
    ? Buffer.from(encoded, 'base64').toString('utf8')
    : undefined;
}

/** The Secret `<name>-app`, with the keys that CloudNativePG writes. */
export function accessSecret(
  owner: KubernetesObject,
  access: DatabaseAccess,
): KubernetesObject {
  const { host, port, database, username, password } = access;
  const uri = `postgresql://${encodeURIComponent(
    username,
  )}:${encodeURIComponent(password)}@${host}:${port}/${encodeURIComponent(
    database,
  )}`;
  const jdbc = `jdbc:postgresql://${host}:${port}/${database}?password=${encodeURIComponent(
    password,
  )}&user=${encodeURIComponent(username)}`;
  const data = {
    username,
    user: username,
    password,
    host,
    port: String(port),
    dbname: database,
    uri,
    'fqdn-uri': uri,
    'jdbc-uri': jdbc,
    'fqdn-jdbc-uri': jdbc,
    pgpass: `${host}:${port}:${database}:${username}:${password}\n`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/basic-auth',
    metadata: {
      name: `${owner.metadata.name}-app`,
      namespace: owner.metadata.namespace,
      labels: {
        'cnpg.io/cluster': owner.metadata.name!,
        'cnpg.io/reload': 'true',
        'cnpg.io/userType': 'app',
      },
      ownerReferences: [controllerReference(owner)],
    },
    data: Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        Buffer.from(value).toString('base64'),
      ]),
    ),
  };
}

/** The Services for writing, for reading from replicas, and for reading from any instance. */
export function accessServices(owner: KubernetesObject): KubernetesObject[] {
  const name = owner.metadata.name!;
  const roles: Record<string, Record<string, string>> = {
    rw: { 'cnpg.io/instanceRole': 'primary' },
    ro: { 'cnpg.io/instanceRole': 'replica' },
    r: { 'cnpg.io/podRole': 'instance' },
  };
  return Object.entries(roles).map(([suffix, selector]) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: `${name}-${suffix}`,
      namespace: owner.metadata.namespace,
      labels: { 'cnpg.io/cluster': name },
      ownerReferences: [controllerReference(owner)],
    },
    spec: {
      type: 'ClusterIP',
      selector: { 'cnpg.io/cluster': name, ...selector },
      ports: [
        { name: 'postgres', port: 5432, protocol: 'TCP', targetPort: 5432 },
      ],
    },
  }));
}
