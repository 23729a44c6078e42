import { namespaceOf } from '../seed/environments';
import type { Story } from './Story';

const NAME = 'break-the-database';
const CLUSTER = 'prod';
const NAMESPACE = namespaceOf('ordering', 'production');
const DATABASE = {
  cluster: CLUSTER,
  namespace: NAMESPACE,
  name: 'orders-database',
};

/** The services that keep their data there. */
const SERVICES = ['order-service', 'payment-service', 'pricing-service'];

/** A database takes no connections any more. */
export const breakTheDatabase: Story = {
  name: NAME,
  title: 'Break the database',
  summary:
    'orders-database in production refuses every connection, and what keeps its data there is no longer ready.',
  look: 'The Kubernetes tabs of order-service, payment-service and pricing-service; the impact of orders-database.',
  async start({ controllers, crossplane, prometheus }) {
    await crossplane.breakDatabase(DATABASE);
    for (const service of SERVICES) {
      controllers.get(CLUSTER)!.behaviours.set(
        `${NAME}/${service}`,
        {
          namespace: NAMESPACE,
          labels: { 'app.kubernetes.io/name': service },
        },
        'database-down',
      );
      prometheus.traffic.set(
        { service, environment: 'production' },
        { errorRatio: 0.9 },
      );
    }
  },
  async undo({ controllers, crossplane, prometheus }) {
    await crossplane.repairDatabase(DATABASE);
    for (const service of SERVICES) {
      controllers.get(CLUSTER)!.behaviours.clear(`${NAME}/${service}`);
      prometheus.traffic.reset({ service, environment: 'production' });
    }
  },
};
