import type { KubernetesObject } from '../KubernetesCluster';

/**
 * A new job with the labels and the selector by which it knows its pods.
 *
 * @internal
 */
export function identifyJob(job: KubernetesObject): KubernetesObject {
  if (job.spec.manualSelector) {
    return job;
  }
  const { name, uid } = job.metadata;
  const { template } = job.spec;
  return {
    ...job,
    spec: {
      ...job.spec,
      selector: {
        matchLabels: { 'batch.kubernetes.io/controller-uid': uid },
      },
      template: {
        ...template,
        metadata: {
          ...template.metadata,
          labels: {
            ...template.metadata?.labels,
            'batch.kubernetes.io/controller-uid': uid,
            'batch.kubernetes.io/job-name': name,
            'controller-uid': uid,
            'job-name': name,
          },
        },
      },
    },
    status: job.status ?? {},
  };
}
