import { randomBytes } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { APPLICATION_FILE, runsIn } from '@waystone/application-model';
import { vaultFailureOf } from '@waystone/integrations';
import type { VaultService } from '@waystone/integrations';
import type { PlacementGuard } from '../access/PlacementGuard';
import type { GoldenPathConfig } from '../config/GoldenPathConfig';
import type { Inventory } from '../inventory/Inventory';
import { readWorkspaceApplication } from '../workspace/readWorkspaceApplication';

/** Long enough for any key. */
const SECRET_BYTES = 32;

/** `waystone:vault:seed`: gives the application of the workspace secrets of its own, which nobody has seen. */
export function createVaultSeedAction({
  config: { environments, vault: settings },
  guard,
  inventory,
  vault,
}: {
  readonly config: Pick<GoldenPathConfig, 'environments' | 'vault'>;
  readonly guard: PlacementGuard;
  readonly inventory: Inventory;
  readonly vault: VaultService;
}) {
  return createTemplateAction({
    id: 'waystone:vault:seed',
    description:
      'Writes random values to Vault at <system>/<application>/<environment>, where there are none yet. Nobody sees the values.',
    supportsDryRun: true,
    examples: [
      {
        description: 'A key for sessions and one for signatures',
        example: `steps:
  - action: waystone:vault:seed
    id: secrets
    name: Make the secrets
    input:
      keys: [sessionKey, signingKey]
`,
      },
    ],
    schema: {
      input: {
        keys: z =>
          z
            .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,62}$/))
            .min(1)
            .max(20)
            .describe('Names of the values'),
      },
      output: {
        paths: z =>
          z.array(z.string()).describe('Where they are, by environment'),
      },
    },
    async handler(ctx) {
      const { input, isDryRun, logger, signal, workspacePath } = ctx;
      const { application } = await readWorkspaceApplication(
        workspacePath,
        APPLICATION_FILE,
      );
      await guard.check(application, await ctx.getInitiatorCredentials());
      const client = settings.instance
        ? vault.get(settings.instance)
        : vault.clients[0];
      if (!client) {
        throw new NotFoundError(
          "There is no Vault in 'waystone.integrations.vault.instances' to write to",
        );
      }
      const { metadata, spec } = application;
      const paths: string[] = [];
      for (const { name } of environments.all.filter(environment =>
        runsIn(application, environment.name),
      )) {
        const ref = {
          mount: settings.mount,
          path: `${spec.system}/${metadata.name}/${name}`,
        };
        paths.push(`${ref.mount}/${ref.path}`);
        if (isDryRun) {
          logger.info(`Would write ${input.keys.length} values to ${ref.path}`);
          continue;
        }
        const values = Object.fromEntries(
          input.keys.map(key => [
            key,
            randomBytes(SECRET_BYTES).toString('base64url'),
          ]),
        );
        const entry = await inventory.announce(ctx.task.id, {
          kind: 'secret',
          title: `${ref.mount}/${ref.path}`,
          reference: { instance: client.instance, ...ref },
        });
        try {
          await client.writeSecret(ref, values, { expectedVersion: 0, signal });
          await entry.confirm();
          logger.info(`Wrote ${input.keys.length} values to ${ref.path}`);
        } catch (error) {
          // Somebody, or an earlier attempt of this task, was here before
          if (vaultFailureOf(error)?.type !== 'version-changed') {
            throw error;
          }
          await (entry.repeated ? entry.confirm() : entry.withdraw());
          logger.info(`There are values at ${ref.path} already`);
        }
      }
      ctx.output('paths', paths);
    },
  });
}
