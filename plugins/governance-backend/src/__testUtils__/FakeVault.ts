import type { VaultClient } from '@waystone/integrations';

/** As much of a Vault as is asked for metadata; secrets by their path below the engine `secret`. */
export class FakeVault {
  readonly #secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What it fails with. */
  failure?: Error;

  constructor(
    secrets: Readonly<Record<string, Readonly<Record<string, string>>>>,
  ) {
    this.#secrets = secrets;
  }

  get client(): VaultClient {
    const client: Pick<
      VaultClient,
      'instance' | 'listSecrets' | 'findSecretMetadata'
    > = {
      instance: 'main',
      listSecrets: async ({ path }) => {
        this.#check();
        const names = Object.keys(this.#secrets)
          .filter(each => each.startsWith(`${path}/`))
          .map(each => each.slice(path.length + 1))
          .map(each =>
            each.includes('/') ? `${each.slice(0, each.indexOf('/'))}/` : each,
          );
        return [...new Set(names)];
      },
      findSecretMetadata: async ({ path }) => {
        this.#check();
        const customMetadata = this.#secrets[path];
        return customMetadata
          ? {
              currentVersion: 3,
              oldestVersion: 1,
              maxVersions: 0,
              casRequired: false,
              deleteVersionAfter: '0s',
              createdAt: '2025-01-01T00:00:00.000Z',
              updatedAt: '2025-06-01T00:00:00.000Z',
              customMetadata,
              versions: [
                {
                  version: 3,
                  createdAt: '2025-06-01T00:00:00.000Z',
                  destroyed: false,
                },
              ],
            }
          : undefined;
      },
    };
    return client as VaultClient;
  }

  #check() {
    if (this.failure) {
      throw this.failure;
    }
  }
}
