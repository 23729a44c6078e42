import type { KubernetesObject } from '@waystone/integrations';
import { z } from 'zod';

const externalSecretSchema = z.object({
  spec: z.object({
    data: z
      .array(z.object({ remoteRef: z.object({ key: z.string() }) }))
      .nullish(),
    dataFrom: z
      .array(z.object({ extract: z.object({ key: z.string() }).nullish() }))
      .nullish(),
  }),
});

/** The paths of the secrets that an ExternalSecret brings into a cluster. */
export function readExternalSecret(
  object: KubernetesObject,
): readonly string[] | undefined {
  const spec = externalSecretSchema.safeParse(object).data?.spec;
  const keys = [
    ...(spec?.data ?? []).map(({ remoteRef }) => remoteRef.key),
    ...(spec?.dataFrom ?? []).flatMap(({ extract }) => extract?.key ?? []),
  ];
  return keys.length > 0 ? [...new Set(keys)] : undefined;
}
