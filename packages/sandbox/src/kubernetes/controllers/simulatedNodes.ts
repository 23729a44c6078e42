import type { SandboxContext } from '../../core/SandboxContext';
import type { KubernetesObject } from '../KubernetesCluster';
import { timestamp } from './conditions';
import { fakeDigest } from './templateHash';

/** How many nodes a simulated cluster has unless asked otherwise. */
export const NODE_COUNT = 3;
/** Cores and bytes of one node. */
const CORES = 16;
const MEMORY_KI = 64 * 1024 * 1024;

/**
 * The nodes of a simulated cluster, the same in every start.
 *
 * @internal
 */
export function createSimulatedNodes(
  context: Pick<SandboxContext, 'random'>,
  clusterName: string,
  count = NODE_COUNT,
): KubernetesObject[] {
  return Array.from({ length: count }, (_, index) => {
    const random = context.random(`node ${clusterName} ${index}`);
    const digits = fakeDigest(`${clusterName} node ${index} ${random()}`, 5);
    const zone = `eu-central-1${'abc'[index % 3]}`;
    const name = `${clusterName}-general-${digits}`;
    const address = `10.20.${index + 1}.${10 + Math.floor(random() * 200)}`;
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'beta.kubernetes.io/arch': 'amd64',
          'beta.kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'node.kubernetes.io/instance-type': 'sandbox.4xlarge',
          'topology.kubernetes.io/region': 'eu-central-1',
          'topology.kubernetes.io/zone': zone,
        },
        annotations: {
          'node.alpha.kubernetes.io/ttl': '0',
          'waystone.dev/sandbox': 'Simulated: no machine is behind this node.',
        },
      },
      spec: {
        podCIDR: `10.244.${index}.0/24`,
        podCIDRs: [`10.244.${index}.0/24`],
        providerID: `sandbox:///${zone}/i-${fakeDigest(name, 17)}`,
      },
      status: createNodeStatus(name, address),
    };
  });
}

function createNodeStatus(name: string, address: string) {
  const now = timestamp();
  const condition = (
    type: string,
    status: string,
    reason: string,
    message: string,
  ) => ({
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  const resources = {
    cpu: String(CORES),
    'ephemeral-storage': '104845292Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${MEMORY_KI}Ki`,
    pods: '250',
  };
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    allocatable: {
      ...resources,
      cpu: `${CORES * 1000 - 80}m`,
      memory: `${MEMORY_KI - 1024 * 1024}Ki`,
    },
    capacity: resources,
    conditions: [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
      ),
      condition(
        'DiskPressure',
        'False',
        'KubeletHasNoDiskPressure',
        'kubelet has no disk pressure',
      ),
      condition(
        'PIDPressure',
        'False',
        'KubeletHasSufficientPID',
        'kubelet has sufficient PID available',
      ),
      condition(
        'Ready',
        'True',
        'KubeletReady',
        'kubelet is posting ready status',
      ),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: uuid(`${name} boot`),
      containerRuntimeVersion: 'containerd://2.1.4',
      kernelVersion: '6.12.41-sandbox',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.34.1',
      machineID: fakeDigest(`${name} machine`, 32),
      operatingSystem: 'linux',
      osImage: 'Waystone sandbox (simulated)',
      systemUUID: uuid(`${name} system`),
    },
  };
}

function uuid(text: string): string {
  const digits = fakeDigest(text, 32);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}
