import type { SandboxContext } from '../core/SandboxContext';
import type { Vault } from '../vault/createVault';
import { ENVIRONMENTS } from './environments';
import type { SeedService } from './readServices';

const DAY = 86_400_000;

/** What the services keep in Vault, by name. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  'payment-service': ['providerKey', 'webhookSecret'],
  'shipping-service': ['carrierKey'],
  'notification-service': ['smtpPassword', 'smsToken'],
  'identity-service': ['signingKey', 'cookieSecret'],
};

/**
 * Where a service's secrets are: `secret/<system>/<service>/<environment>`.
 */
export function secretPath(service: SeedService, environment: string): string {
  return `secret/${service.system}/${service.name}/${environment}`;
}

/** Makes the secrets of the services. Those that are there stay as they are. */
export function seedVault(options: {
  readonly context: SandboxContext;
  readonly vault: Vault;
  readonly services: readonly SeedService[];
}): void {
  const { context, vault, services } = options;
  for (const service of services) {
    for (const { name: environment } of ENVIRONMENTS) {
      const path = secretPath(service, environment);
      if (vault.readSecret(path)) {
        continue;
      }
      const random = context.random(`secrets of ${path}`);
      const names = SECRETS[service.name] ?? ['sessionKey'];
      const rotationDue = Date.now() + (random() * 120 - 15) * DAY;
      vault.writeSecret(
        path,
        Object.fromEntries(
          names.map(name => [name, context.deriveToken(`${path} ${name}`)]),
        ),
        {
          owner: `group:default/${service.owner}`,
          'rotation-due': new Date(rotationDue).toISOString().slice(0, 10),
        },
      );
    }
  }
}
