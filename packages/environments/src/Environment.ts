import { z } from 'zod';

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** What a namespace may consist of: fixed characters and the two placeholders. */
const NAMESPACE = /^(?:[a-z0-9-]|\{system\}|\{environment\})+$/;

/**
 * One step on the way of a change to its users, as `waystone.environments` has it, with its defaults filled in.
 *
 * @public
 */
export const environmentSchema = z.object({
  /** Such as `staging`. */
  name: z
    .string()
    .regex(NAME, 'is not made of lower-case letters, digits and dashes'),
  /** What people read, such as `Staging`. */
  title: z.string().min(1),
  /** Name of a connected cluster. */
  cluster: z.string().min(1),
  /** Pattern of the namespaces, such as `{system}-{environment}`. */
  namespace: z
    .string()
    .regex(
      NAMESPACE,
      'has something besides lower-case letters, digits, dashes, {system} and {environment}',
    ),
  /** Name of an Argo CD instance. Without it, the first. */
  argocd: z.string().min(1).optional(),
  promotion: z.enum(['auto', 'manual', 'gated']),
  /** Whether customers depend on it. */
  protected: z.boolean(),
});

/**
 * One step on the way of a change to its users.
 *
 * @public
 */
export type Environment = Readonly<z.infer<typeof environmentSchema>>;

/**
 * How a version gets into an environment: by itself, when somebody promotes it, or when somebody else approves too.
 *
 * @public
 */
export type Promotion = Environment['promotion'];
