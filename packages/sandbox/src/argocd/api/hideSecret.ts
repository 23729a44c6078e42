import { isJsonObject } from '../rendering/Json';

/**
 * A Secret without what is secret, as Argo CD shows it; anything else as it is.
 *
 * @internal
 */
export function hideSecret(object: object): object {
  const { kind, apiVersion, metadata, ...rest } = object as Record<
    string,
    unknown
  >;
  if (kind !== 'Secret' || apiVersion !== 'v1') {
    return object;
  }
  const hidden = (value: unknown) =>
    isJsonObject(value)
      ? Object.fromEntries(Object.keys(value).map(key => [key, '++++++++']))
      : value;
  const annotations = (metadata as { annotations?: Record<string, string> })
    ?.annotations;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...shown } =
    annotations ?? {};
  return {
    apiVersion,
    kind,
    metadata: {
      ...(metadata as object),
      ...(annotations && { annotations: shown }),
    },
    ...rest,
    ...('data' in rest && { data: hidden(rest.data) }),
    ...('stringData' in rest && { stringData: hidden(rest.stringData) }),
  };
}
