import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { APPLICATION_FILE, compile } from '@waystone/application-model';
import type { KubernetesService } from '@waystone/integrations';
import type { PlacementGuard } from '../access/PlacementGuard';
import type { GoldenPathConfig } from '../config/GoldenPathConfig';
import type { Inventory } from '../inventory/Inventory';
import {
  describeProblems,
  readWorkspaceApplication,
} from '../workspace/readWorkspaceApplication';

/** Who owns the fields of the Applications that golden paths make. */
const FIELD_MANAGER = 'waystone-golden-path';

/** `waystone:argocd:create-application`: lets Argo CD run the application of the workspace. */
export function createArgoCdApplicationAction({
  config: { argocdCluster, environments, platform },
  guard,
  inventory,
  kubernetes,
}: {
  readonly config: Pick<
    GoldenPathConfig,
    'argocdCluster' | 'environments' | 'platform'
  >;
  readonly guard: PlacementGuard;
  readonly inventory: Inventory;
  readonly kubernetes: KubernetesService;
}) {
  return createTemplateAction({
    id: 'waystone:argocd:create-application',
    description:
      'Applies the Argo CD Applications that the Application of the workspace is compiled to. Applied again, nothing changes.',
    supportsDryRun: true,
    examples: [
      {
        description: 'In all environments in which it runs',
        example: `steps:
  - action: waystone:argocd:create-application
    id: argocd
    name: Deploy
    input:
      repoUrl: \${{ steps.publish.output.cloneUrl }}
`,
      },
      {
        description: 'In development only',
        example: `steps:
  - action: waystone:argocd:create-application
    id: argocd
    name: Deploy
    input:
      repoUrl: \${{ steps.publish.output.cloneUrl }}
      environments: [development]
`,
      },
    ],
    schema: {
      input: {
        repoUrl: z =>
          z
            .string()
            .url()
            .optional()
            .describe(
              'Where Argo CD finds the repository. Default: as the platform names repositories',
            ),
        environments: z =>
          z
            .array(z.string())
            .min(1)
            .optional()
            .describe('Names of environments. Default: all'),
      },
      output: {
        applications: z =>
          z
            .array(
              z.object({
                name: z.string(),
                project: z.string(),
                environment: z.string(),
              }),
            )
            .describe('What was applied, in the order of the environments'),
      },
    },
    async handler(ctx) {
      const { input, isDryRun, logger, signal, workspacePath } = ctx;
      const { application } = await readWorkspaceApplication(
        workspacePath,
        APPLICATION_FILE,
      );
      await guard.check(application, await ctx.getInitiatorCredentials());
      const targets = environments.all.filter(
        ({ name }) => input.environments?.includes(name) ?? true,
      );
      const unknown = input.environments?.find(name => !environments.get(name));
      if (unknown !== undefined || argocdCluster === undefined) {
        throw new InputError(
          `There is no environment '${
            unknown ?? ''
          }' in 'waystone.environments'`,
        );
      }
      const applied = [];
      for (const environment of targets) {
        const { manifests, problems } = compile({
          application: {
            ...application,
            spec: {
              ...application.spec,
              repository: input.repoUrl ?? application.spec.repository,
            },
          },
          environment,
          platform,
        });
        const manifest = manifests.find(
          ({ object }) => object.apiVersion === 'argoproj.io/v1alpha1',
        )?.object;
        if (!manifest) {
          throw new InputError(describeProblems(APPLICATION_FILE, problems));
        }
        const cluster = kubernetes.cluster(argocdCluster);
        const apply = () =>
          cluster.apply(manifest, {
            dryRun: isDryRun,
            fieldManager: FIELD_MANAGER,
            signal,
          });
        if (isDryRun) {
          await apply();
        } else {
          const { name, namespace } = manifest.metadata;
          const reference = {
            cluster: argocdCluster,
            name,
            namespace: namespace ?? platform.namespaces.argocd,
          };
          const before = await cluster.find(
            {
              apiVersion: manifest.apiVersion,
              kind: manifest.kind,
              name,
              namespace: reference.namespace,
            },
            { signal },
          );
          const entry = await inventory.announce(ctx.task.id, {
            kind: 'argocd-application',
            title: name,
            reference,
          });
          const { object } = await apply();
          if (before && !entry.repeated) {
            await entry.withdraw();
          } else {
            await entry.confirm({
              ...(object.metadata.uid && {
                reference: { uid: object.metadata.uid },
              }),
            });
          }
        }
        logger.info(
          `${isDryRun ? 'Argo CD would take' : 'Argo CD has'} ${
            manifest.metadata.name
          } for ${environment.name}`,
        );
        applied.push({
          name: manifest.metadata.name,
          project: application.spec.system,
          environment: environment.name,
        });
      }
      ctx.output('applications', applied);
    },
  });
}
