import { toError } from '@backstage/errors';
import type { KubernetesService } from '@waystone/integrations';
import type { Consumers } from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';

const WORKLOADS = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
] as const;

const container = z.looseObject({
  env: z
    .array(
      z.looseObject({
        valueFrom: z
          .looseObject({
            secretKeyRef: z.looseObject({ name: z.string() }).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  envFrom: z
    .array(
      z.looseObject({
        secretRef: z.looseObject({ name: z.string() }).nullish(),
      }),
    )
    .nullish(),
});
const template = z.looseObject({
  spec: z.looseObject({
    containers: z.array(container).nullish(),
    initContainers: z.array(container).nullish(),
    volumes: z
      .array(
        z.looseObject({
          secret: z.looseObject({ secretName: z.string().nullish() }).nullish(),
          projected: z
            .looseObject({
              sources: z
                .array(
                  z.looseObject({
                    secret: z.looseObject({ name: z.string() }).nullish(),
                  }),
                )
                .nullish(),
            })
            .nullish(),
        }),
      )
      .nullish(),
  }),
});
const workloadSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({
    template: template.optional(),
    jobTemplate: z
      .looseObject({ spec: z.looseObject({ template }) })
      .optional(),
  }),
});

/** Finds the workloads of a namespace that read a Secret, in environment variables or as a volume. */
export class ConsumerFinder {
  readonly #kubernetes: KubernetesService;

  constructor(options: { readonly kubernetes: KubernetesService }) {
    this.#kubernetes = options.kubernetes;
  }

  /** A cluster that cannot tell is a problem in the answer, not an error. */
  async find(place: {
    readonly cluster: string;
    readonly namespace: string;
    readonly secret: string;
  }): Promise<Pick<Consumers, 'workloads' | 'problem'>> {
    const { cluster, namespace, secret } = place;
    const client = this.#kubernetes.cluster(cluster);
    const answers = await Promise.allSettled(
      WORKLOADS.map(async workload => {
        const { items } = await client.list(workload, { namespace });
        return items
          .flatMap(item => workloadSchema.safeParse(item).data ?? [])
          .filter(({ spec }) => secretsOf(spec).includes(secret))
          .map(({ metadata }) => ({
            kind: workload.kind,
            name: metadata.name,
          }));
      }),
    );
    const failed = answers.find(({ status }) => status === 'rejected');
    return {
      workloads: answers.flatMap(answer =>
        answer.status === 'fulfilled' ? answer.value : [],
      ),
      ...(failed?.status === 'rejected' && {
        problem: toError(failed.reason).message,
      }),
    };
  }
}

function secretsOf(spec: z.infer<typeof workloadSchema>['spec']): string[] {
  const pod = (spec.template ?? spec.jobTemplate?.spec.template)?.spec;
  const containers = [
    ...(pod?.containers ?? []),
    ...(pod?.initContainers ?? []),
  ];
  return [
    ...containers.flatMap(({ env, envFrom }) => [
      ...(env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...(envFrom ?? []).map(({ secretRef }) => secretRef?.name),
    ]),
    ...(pod?.volumes ?? []).flatMap(({ projected, secret }) => [
      secret?.secretName,
      ...(projected?.sources ?? []).map(source => source.secret?.name),
    ]),
  ].filter(name => typeof name === 'string');
}
