/** The images of a workload, in the order of its containers. @internal */
export function resourceImages(object: { [field: string]: any }): string[] {
  const { spec } = object;
  const pod =
    object.kind === 'Pod'
      ? spec
      : spec?.jobTemplate?.spec?.template?.spec ?? spec?.template?.spec;
  const containers: unknown[] = [
    ...(Array.isArray(pod?.initContainers) ? pod.initContainers : []),
    ...(Array.isArray(pod?.containers) ? pod.containers : []),
  ];
  return containers.flatMap(container => {
    const image = (container as { image?: unknown }).image;
    return typeof image === 'string' ? [image] : [];
  });
}
