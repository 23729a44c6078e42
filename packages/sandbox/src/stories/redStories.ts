import { createDeployStory, withTag } from './createDeployStory';
import type {
  DeploymentManifest,
  DeployStoryOptions,
} from './createDeployStory';
import type { Story } from './Story';

const LOOK = (service: string, environment = 'production') =>
  `The Delivery tab of ${service}: why ${environment} is red.`;

/** What goes wrong with a deployment, one story for each cause that the portal tells apart. */
const OPTIONS: readonly DeployStoryOptions[] = [
  {
    name: 'missing-image',
    title: 'Missing image',
    summary:
      'A version of pricing-service that CI never pushed is deployed to production.',
    look: LOOK('pricing-service'),
    service: 'pricing-service',
    message: 'Deploy the new price rules to production',
    change: withTag('does-not-exist'),
  },
  {
    name: 'out-of-memory',
    title: 'Out of memory',
    summary:
      'A version of customer-service that needs more memory than it may have is deployed to production.',
    look: LOOK('customer-service'),
    service: 'customer-service',
    message: 'Keep all customers in memory',
    change: withTag('oom'),
  },
  {
    name: 'failing-readiness',
    title: 'Failing readiness probe',
    summary:
      'A version of inventory-service that never becomes ready is deployed to production.',
    look: LOOK('inventory-service'),
    service: 'inventory-service',
    message: 'Warm the cache before the first request',
    change: withTag('unready'),
  },
  {
    name: 'failing-liveness',
    title: 'Failing liveness probe',
    summary:
      'A version of search-service that hangs is deployed to production, and is restarted again and again.',
    look: LOOK('search-service'),
    service: 'search-service',
    message: 'Search with one lock for all',
    change: withTag('hung'),
  },
  {
    name: 'expired-certificate',
    title: 'Expired certificate',
    summary:
      'identity-service in production meets a certificate that has expired, and does not become ready.',
    look: LOOK('identity-service'),
    service: 'identity-service',
    message: 'Talk to the identity provider directly',
    change: withTag('expired'),
  },
  {
    name: 'missing-secret',
    title: 'Missing secret',
    summary:
      'returns-service in production is to read a secret that nobody has created.',
    look: LOOK('returns-service'),
    service: 'returns-service',
    message: 'Read the key of the label printer',
    change: ({ spec }) => {
      const [container] = spec.template.spec.containers;
      container.env = [
        ...(container.env ?? []),
        {
          name: 'LABEL_PRINTER_KEY',
          valueFrom: {
            secretKeyRef: { name: 'label-printer', key: 'api-key' },
          },
        },
      ];
    },
  },
  {
    name: 'missing-config',
    title: 'Missing configuration',
    summary:
      'notification-service in production is to mount a ConfigMap that is not in Git.',
    look: LOOK('notification-service'),
    service: 'notification-service',
    message: 'Mount the templates of messages',
    change: ({ spec }) => {
      const [container] = spec.template.spec.containers;
      container.volumeMounts = [{ name: 'templates', mountPath: '/templates' }];
      spec.template.spec.volumes = [
        { name: 'templates', configMap: { name: 'message-templates' } },
      ];
    },
  },
  {
    name: 'volume-pending',
    title: 'Pending volume',
    summary:
      'warehouse-web in production asks for a volume of a storage class that is not there.',
    look: LOOK('warehouse-web'),
    service: 'warehouse-web',
    message: 'Keep the uploads of scanners',
    change: ({ spec }) => {
      const [container] = spec.template.spec.containers;
      container.volumeMounts = [{ name: 'uploads', mountPath: '/uploads' }];
      spec.template.spec.volumes = [
        {
          name: 'uploads',
          persistentVolumeClaim: { claimName: 'warehouse-web-uploads' },
        },
      ];
    },
    files: ({ metadata }) => ({
      'uploads.yaml': {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { ...metadata, name: 'warehouse-web-uploads' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'fast',
          resources: { requests: { storage: '5Gi' } },
        },
      },
    }),
  },
  {
    name: 'no-node',
    title: 'No node',
    summary:
      'shop-web in production asks for nodes of a kind that the cluster does not have.',
    look: LOOK('shop-web'),
    service: 'shop-web',
    message: 'Run on nodes with fast disks',
    change: ({ spec }) => {
      spec.template.spec.nodeSelector = { disk: 'nvme' };
    },
  },
  {
    name: 'exceeded-quota',
    title: 'Exceeded quota',
    summary:
      'shop-gateway in production asks for more CPU than the quota of its namespace leaves.',
    look: LOOK('shop-gateway'),
    service: 'shop-gateway',
    message: 'Be ready for the sale',
    change: ({ spec }) => {
      const [container] = spec.template.spec.containers;
      Object.assign(container.resources, {
        requests: { cpu: '24', memory: '512Mi' },
        limits: { cpu: '24', memory: '1Gi' },
      });
    },
  },
  {
    name: 'failing-init',
    title: 'Failing init container',
    summary:
      'recommendation-service in production gets an init container that fails, so the service never starts.',
    look: LOOK('recommendation-service'),
    service: 'recommendation-service',
    message: 'Load the model before the start',
    change: ({ spec }) => {
      const { template } = spec;
      const [container] = template.spec.containers;
      template.spec.initContainers = [failing(container, 'load-model')];
    },
  },
  {
    name: 'refused-by-policy',
    title: 'Refused by policy',
    summary:
      'An image of a registry that is not allowed is to be deployed as search-service to staging, and the policies refuse it.',
    look: LOOK('search-service', 'staging'),
    service: 'search-service',
    environment: 'staging',
    message: 'Try the build of a colleague',
    change: ({ spec }) => {
      const [container] = spec.template.spec.containers;
      container.image = 'docker.io/library/search:1.0.0';
    },
  },
  {
    name: 'immutable-field',
    title: 'Immutable field',
    summary:
      'The selector of a Deployment, which cannot be changed, is changed in Git.',
    look: LOOK('payment-service'),
    service: 'payment-service',
    message: 'Select pods by their version too',
    change: ({ spec }) => {
      spec.selector.matchLabels = {
        ...spec.selector.matchLabels,
        'app.kubernetes.io/part-of':
          spec.template.metadata.labels['app.kubernetes.io/part-of'],
      };
    },
  },
  {
    name: 'broken-manifest',
    title: 'Broken manifest',
    summary:
      'A file that is no YAML gets to the manifests of shipping-service in production.',
    look: LOOK('shipping-service'),
    service: 'shipping-service',
    message: 'Add carriers',
    files: () => ({
      'carriers.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: carriers\n data: [\n',
    }),
  },
  {
    name: 'failing-hook',
    title: 'Failing hook',
    summary:
      'The migration that runs before every deployment of inventory-service to staging fails.',
    look: LOOK('inventory-service', 'staging'),
    service: 'inventory-service',
    environment: 'staging',
    message: 'Migrate the stock table',
    files: deployment => ({ 'migration.yaml': createMigration(deployment) }),
  },
];

function failing(container: object, name: string) {
  const { livenessProbe, ports, readinessProbe, ...rest } = container as Record<
    string,
    unknown
  >;
  return { ...rest, name, env: [{ name: 'SANDBOX_CRASH', value: 'crash' }] };
}

function createMigration({ metadata, spec }: DeploymentManifest): object {
  const { template } = spec;
  const [container] = template.spec.containers;
  const { labels } = metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...metadata,
      name: `${metadata.name}-migration`,
      annotations: {
        'argocd.argoproj.io/hook': 'PreSync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      },
    },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: {
          labels: { ...labels, 'app.kubernetes.io/name': 'migration' },
        },
        spec: {
          ...template.spec,
          restartPolicy: 'Never',
          containers: [failing(container, 'migration')],
        },
      },
    },
  };
}

/** @see OPTIONS */
export const RED_STORIES: readonly Story[] = OPTIONS.map(createDeployStory);
