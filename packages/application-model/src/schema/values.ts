import { z } from 'zod';

/** Names of applications, which become names of objects in Kubernetes. */
export const applicationName = z
  .string()
  .min(2)
  .max(50)
  .regex(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    'is not made of lower-case letters, digits and dashes, beginning with a letter',
  );

/** Names of what belongs to an application: ports, bindings, environments. */
export const shortName = z
  .string()
  .min(1)
  .max(40)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'is not made of lower-case letters, digits and dashes',
  );

/** Names of ports, as Kubernetes takes them. */
export const portName = z
  .string()
  .min(1)
  .max(15)
  .regex(
    /^(?!.*--)[a-z0-9-]*[a-z][a-z0-9-]*$/,
    'is not made of lower-case letters, digits and single dashes with at least one letter',
  )
  .regex(/^[a-z0-9].*[a-z0-9]$|^[a-z]$/, 'begins or ends with a dash');

/** A team, a cost centre: what is also the value of a label. */
export const labelName = z
  .string()
  .min(1)
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'is not made of lower-case letters, digits and dashes',
  );

/** Keys of labels and annotations. */
export const qualifiedName = z
  .string()
  .max(300)
  .regex(
    /^([a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    'is not the key of a label or annotation, such as example.com/name',
  );

/** Values of labels. */
export const labelValue = z
  .string()
  .max(63)
  .regex(
    /^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/,
    'is not the value of a label: letters, digits, dots, dashes and underscores',
  );

/** A group of the catalog: `orders` or `group:default/orders`. */
export const ownerName = z
  .string()
  .max(130)
  .regex(
    /^(group:([a-z0-9-]{1,63}\/)?)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'is not the name of a group, such as orders or group:default/orders',
  );

/** Names of objects in Kubernetes. */
export const objectName = z
  .string()
  .min(1)
  .max(63)
  .regex(
    /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
    'is not the name of an object in Kubernetes',
  );

/** Keys of secrets and config maps. */
export const dataKey = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9._-]+$/, 'is not the key of a secret');

/** Names of environment variables. */
export const variableName = z
  .string()
  .max(100)
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    'is not made of letters, digits and underscores',
  );

/** A version as a tag of an image has it, but none that moves. */
export const version = z
  .string()
  .max(63)
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/,
    'is not a version such as 1.4.2',
  )
  .refine(value => value !== 'latest', 'moves, so that nobody knows what runs');

/** An image with or without its tag or digest. */
export const image = z
  .string()
  .max(400)
  .regex(
    /^[a-z0-9][a-z0-9.-]*(:[0-9]{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:[A-Za-z0-9_][A-Za-z0-9._-]{0,62})?(@sha256:[a-f0-9]{64})?$/,
    'is not an image such as registry.example.com/orders/loyalty-service',
  )
  .refine(
    value => !/:latest$/.test(value),
    'has the tag latest, which moves, so that nobody knows what runs',
  );

/** An amount of CPU: `250m`, `0.5`, `2`. */
export const cpu = z
  .string()
  .regex(
    /^([1-9][0-9]{0,5}m|[0-9]{1,3}(\.[0-9]{1,3})?)$/,
    'is not an amount of CPU such as 250m or 0.5',
  );

/** An amount of memory: `256Mi`, `1Gi`. */
export const memory = z
  .string()
  .regex(
    /^[1-9][0-9]{0,5}(Ki|Mi|Gi)$/,
    'is not an amount of memory such as 256Mi',
  );

/** A time: `300ms`, `30s`, `5m`, `12h`, `30d`. */
export const duration = z
  .string()
  .regex(/^[1-9][0-9]{0,5}(ms|s|m|h|d)$/, 'is not a time such as 300ms or 30d');

/** A path of a URL. */
export const urlPath = z
  .string()
  .max(300)
  .regex(
    /^\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*$/,
    'is not a path such as /health/ready',
  );

/** A name in the DNS. */
export const hostName = z
  .string()
  .max(253)
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'is not a host name such as loyalty.example.com',
  );

/** A range of addresses. */
export const addressRange = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'is not a range of addresses such as 10.20.0.0/16',
});

/** A number of a port. */
export const portNumber = z.number().int().min(1).max(65535);

/** Text for people. */
export const plainText = z
  .string()
  .max(500)
  .regex(
    /^[^\p{Cc}\p{Cs}\ufeff\ufffe\uffff]*$/u,
    'has characters that can not be written',
  );

/**
 * Text for programs. What is not allowed can't be applied: the API server refuses control characters, however they are
 * quoted.
 */
export const programText = z
  .string()
  .regex(
    /^([^\p{Cc}\p{Cs}\ufeff\ufffe\uffff]|[\t\n\r])*$/u,
    'has control characters',
  );

/** Milliseconds of a {@link duration}. */
export function millisecondsOf(text: string): number {
  const amount = Number.parseInt(text, 10);
  const unit = text.replace(/^[0-9]+/, '');
  return (
    amount *
    ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? 1)
  );
}

/** Thousandths of a CPU of {@link cpu}. */
export function milliCpuOf(text: string): number {
  return text.endsWith('m') ? Number.parseInt(text, 10) : Number(text) * 1000;
}

/** Bytes of {@link memory}. */
export function bytesOf(text: string): number {
  const amount = Number.parseInt(text, 10);
  return (
    amount * ({ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 }[text.slice(-2)] ?? 1)
  );
}
