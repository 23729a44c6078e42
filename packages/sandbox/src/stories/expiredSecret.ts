import { namespaceOf } from '../seed/environments';
import type { Story } from './Story';

const PATH = 'secret/ordering/payment-service/production';
const STORY = 'expired-secret';

/** The key of a payment provider runs out. */
export const expiredSecret: Story = {
  name: STORY,
  title: 'Expired secret',
  summary:
    'The key that payment-service has for its payment provider runs out, and its pods can no longer take payments.',
  look: 'Vault has no current version of it; the pods of payment-service in production are not ready.',
  async start({ controllers, vault }) {
    vault.expireSecret(PATH);
    controllers.get('prod')!.behaviours.set(
      STORY,
      {
        namespace: namespaceOf('ordering', 'production'),
        labels: { 'app.kubernetes.io/name': 'payment-service' },
      },
      'unready',
    );
  },
  async undo({ controllers, vault }) {
    vault.restoreSecret(PATH);
    controllers.get('prod')!.behaviours.clear(STORY);
  },
};
