import { z } from 'zod';

/**
 * What holds for a permission; what each means is in `policy.yaml`.
 *
 * @public
 */
export const verdictSchema = z.enum([
  'allow',
  'deny',
  'if-owner',
  'if-own-task',
  'if-own-infrastructure',
  'if-approver',
]);

/** @public */
export type Verdict = z.infer<typeof verdictSchema>;

/** A verdict, if so in some environments only. @public */
export interface Clause {
  readonly verdict: Verdict;
  readonly environments?: readonly string[];
}

/** As the catalog has it: kind and namespace are needed, so that nobody is meant by mistake. */
const memberSchema = z
  .string()
  .regex(
    /^(?:user|group):[^/\s:]+\/[^/\s:]+$/i,
    "expected the full entity ref of a user or a group, such as 'group:default/name'",
  )
  .transform(ref => ref.toLocaleLowerCase('en-US'));

const clauseSchema = z.strictObject({
  verdict: verdictSchema,
  environments: z.array(z.string().min(1)).min(1).optional(),
});

const ruleSchema = z
  .union([verdictSchema, clauseSchema, z.array(clauseSchema).min(1)], {
    error: issue =>
      typeof issue.input === 'string'
        ? `there is no verdict '${
            issue.input
          }'; expected one of ${verdictSchema.options.join(', ')}`
        : 'expected a verdict, or { verdict, environments }, or a list of these',
  })
  .transform((rule): readonly Clause[] => {
    if (typeof rule === 'string') {
      return [{ verdict: rule }];
    }
    return Array.isArray(rule) ? rule : [rule];
  });

const roleSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "expected a name such as 'release-manager'"),
  description: z.string().optional(),
  members: z.union([z.literal('everybody'), z.array(memberSchema)], {
    error: issue =>
      Array.isArray(issue.input)
        ? "expected full entity refs of users or groups, such as 'group:default/name'"
        : "expected a list of users and groups, or 'everybody'",
  }),
  /** The role that says what holds where this one says nothing. */
  extends: z.string().optional(),
  reads: z.enum(['allow', 'deny']).optional(),
  others: z.enum(['allow', 'deny']).optional(),
  permissions: z
    .record(
      z
        .string()
        .regex(/^[A-Za-z][\w.-]*$/, 'expected the name of a permission'),
      ruleSchema,
    )
    .default({}),
});

/** Whom to ask: the members of a role, or somebody by ref. */
const helperSchema = z.union([roleSchema.shape.name, memberSchema], {
  error:
    'expected the name of a role, or the full entity ref of a user or group',
});

/** A policy as the file has it. @public */
export const policyDocumentSchema = z
  .strictObject({
    version: z.literal(1),
    roles: z.array(roleSchema).min(1),
    /** By permission, or by its beginning with an asterisk. */
    ask: z
      .record(
        z
          .string()
          .regex(
            /^[A-Za-z][\w.-]*\*?$/,
            "expected the name of a permission, or its beginning such as 'catalog.*'",
          ),
        z.array(helperSchema).min(1),
      )
      .default({}),
  })
  .superRefine(({ ask, roles }, context) => {
    const names = roles.map(({ name }) => name);
    Object.entries(ask).forEach(([pattern, helpers]) =>
      helpers.forEach((helper, index) => {
        if (!helper.includes(':') && !names.includes(helper)) {
          context.addIssue({
            code: 'custom',
            path: ['ask', pattern, index],
            message: `there is no role '${helper}'`,
          });
        }
      }),
    );
    roles.forEach(({ extends: base, members, name }, index) => {
      const found = roles.find(role => role.name === base);
      if (base !== undefined && (!found || found.extends !== undefined)) {
        context.addIssue({
          code: 'custom',
          path: ['roles', index, 'extends'],
          message: found
            ? `'${base}' extends a role itself; extend that one`
            : `there is no role '${base}'`,
        });
      }
      if (names.indexOf(name) !== index) {
        context.addIssue({
          code: 'custom',
          path: ['roles', index, 'name'],
          message: `there are two roles '${name}'`,
        });
      }
      if (members === 'everybody' && index < roles.length - 1) {
        context.addIssue({
          code: 'custom',
          path: ['roles', index, 'members'],
          message: `everybody is a '${name}', so nobody has the roles below; it has to be the last`,
        });
      }
    });
  });

/** @public */
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;
