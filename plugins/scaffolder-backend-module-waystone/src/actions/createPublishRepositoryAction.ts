import { ConflictError, InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { forgeFailureOf } from '@waystone/integrations';
import type {
  ForgePerson,
  ForgeRepository,
  ForgeService,
  GitForge,
  RepositoryRef,
} from '@waystone/integrations';
import type { GoldenPathConfig } from '../config/GoldenPathConfig';
import type { Inventory } from '../inventory/Inventory';
import { trailerOf } from '../inventory/Remover';
import { listWorkspaceFiles } from '../workspace/listWorkspaceFiles';

const BRANCH = 'main';

/** `waystone:repository:publish`: makes a repository of the workspace, on whichever forge is configured. */
export function createPublishRepositoryAction({
  config,
  forges,
  inventory,
}: {
  readonly config: Pick<GoldenPathConfig, 'forge' | 'organization' | 'private'>;
  readonly forges: ForgeService;
  readonly inventory: Inventory;
}) {
  return createTemplateAction({
    id: 'waystone:repository:publish',
    description:
      'Makes a repository in the organisation of the golden paths with all files of the workspace in one commit. A second attempt of the same task goes on where the first ended.',
    supportsDryRun: true,
    examples: [
      {
        description: 'Publish the workspace',
        example: `steps:
  - action: waystone:repository:publish
    id: publish
    name: Make the repository
    input:
      name: \${{ parameters.name }}
      description: \${{ parameters.description }}
`,
      },
    ],
    schema: {
      input: {
        name: z =>
          z
            .string()
            .regex(/^[a-z0-9][a-z0-9-]{0,98}[a-z0-9]$/)
            .describe('The name of the repository'),
        description: z => z.string().max(300).optional(),
        host: z =>
          z
            .string()
            .optional()
            .describe(
              'Host of the forge, one of those in `integrations`. Default: `waystone.goldenPaths.forge`',
            ),
        message: z =>
          z
            .string()
            .min(1)
            .max(300)
            .optional()
            .describe('Of the commit. Default: Start'),
      },
      output: {
        url: z => z.string().describe('For people'),
        cloneUrl: z => z.string().describe('For git clone and Argo CD'),
        catalogInfoUrl: z =>
          z
            .string()
            .describe('Where catalog-info.yaml is, for catalog:register'),
        commit: z => z.string().describe('The id of the commit'),
      },
    },
    async handler(ctx) {
      const { input, logger, signal, task } = ctx;
      const host = input.host || config.forge;
      const forge = host ? forges.get(host) : forges.forges[0];
      if (!forge || !config.organization) {
        throw new InputError(
          "There is no forge in 'integrations' that the portal may write to, or no 'waystone.goldenPaths.organization'",
        );
      }
      const ref = { owner: config.organization, name: input.name };
      const files = await listWorkspaceFiles(ctx.workspacePath);
      if (ctx.isDryRun) {
        await refuseExisting(forge, ref, signal);
        logger.info(
          `Would make ${ref.owner}/${ref.name} with ${files.length} files`,
        );
        // As it would be, for the steps that follow
        const url = `https://${forge.instance}/${ref.owner}/${ref.name}`;
        ctx.output('url', url);
        ctx.output('cloneUrl', `${url}.git`);
        ctx.output('catalogInfoUrl', `${url}/${pathOf(forge)}`);
        ctx.output('commit', '');
        return;
      }
      const trailer = trailerOf(task.id);
      const entry = await inventory.announce(task.id, {
        kind: 'repository',
        title: `${ref.owner}/${ref.name}`,
        reference: { forge: forge.instance, ...ref },
      });
      const repository = await createOrContinue({
        forge,
        ref,
        trailer,
        repeated: entry.repeated,
        description: input.description,
        private: config.private,
        signal,
      }).catch(async error => {
        if (error instanceof ConflictError) {
          await entry.withdraw();
        }
        throw error;
      });
      await entry.confirm({ url: repository.url });
      const commit =
        (await findCommit(forge, ref, trailer, signal)) ??
        (
          await forge.commitFiles({
            repository: ref,
            branch: BRANCH,
            message: `${input.message ?? 'Start'}\n\n${trailer}\n`,
            author: authorOf(ctx.user),
            changes: files,
            signal,
          })
        ).sha;
      logger.info(
        `${repository.url} has ${files.length} files at ${commit.slice(0, 10)}`,
      );
      ctx.output('url', repository.url);
      ctx.output('cloneUrl', repository.cloneUrl);
      ctx.output('catalogInfoUrl', `${repository.url}/${pathOf(forge)}`);
      ctx.output('commit', commit);
    },
  });
}

/** Where a forge shows the entry for the catalog. */
function pathOf({ system }: GitForge): string {
  return `${
    system === 'gitea' ? 'src/branch' : 'blob'
  }/${BRANCH}/catalog-info.yaml`;
}

async function createOrContinue(options: {
  readonly forge: GitForge;
  readonly ref: RepositoryRef;
  readonly trailer: string;
  /** Whether an earlier attempt may have made it. */
  readonly repeated: boolean;
  readonly description?: string;
  readonly private: boolean;
  readonly signal?: AbortSignal;
}): Promise<ForgeRepository> {
  const { forge, ref, trailer, description, signal } = options;
  try {
    return await forge.createRepository({
      repository: ref,
      description,
      private: options.private,
      // GitHub writes to no empty repository
      initialize: forge.system === 'github',
      signal,
    });
  } catch (error) {
    const repository =
      forgeFailureOf(error)?.type === 'repository-exists'
        ? await forge.findRepository(ref, { signal })
        : undefined;
    if (!repository) {
      throw error;
    }
    const commits = await forge.listCommits(ref, { limit: 2, signal });
    const first = forge.system === 'github' ? 1 : 0;
    const ours =
      (options.repeated && commits.length <= first) ||
      commits.some(({ message }) => message.includes(trailer));
    if (!ours) {
      throw new ConflictError(
        `There is a repository '${ref.owner}/${ref.name}' already. Choose another name`,
      );
    }
    return repository;
  }
}

async function refuseExisting(
  forge: GitForge,
  ref: RepositoryRef,
  signal?: AbortSignal,
): Promise<void> {
  if (await forge.findRepository(ref, { signal })) {
    throw new ConflictError(
      `There is a repository '${ref.owner}/${ref.name}' already. Choose another name`,
    );
  }
}

async function findCommit(
  forge: GitForge,
  ref: RepositoryRef,
  trailer: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const commits = await forge.listCommits(ref, { limit: 10, signal });
  return commits.find(({ message }) => message.includes(trailer))?.sha;
}

/** Whoever filled the form, as far as the catalog knows them. */
function authorOf(
  user:
    | {
        readonly ref?: string;
        readonly entity?: { readonly spec?: { readonly profile?: unknown } };
      }
    | undefined,
): ForgePerson | undefined {
  const profile = user?.entity?.spec?.profile as
    | { readonly displayName?: unknown; readonly email?: unknown }
    | undefined;
  return typeof profile?.email === 'string'
    ? {
        email: profile.email,
        name:
          typeof profile.displayName === 'string'
            ? profile.displayName
            : profile.email,
      }
    : undefined;
}
