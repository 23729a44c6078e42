import { z } from 'zod';

const connectionSchema = z.object({
  url: z.string(),
  username: z.string(),
  password: z.string(),
  allowedRoles: z.array(z.string()),
  rotationStatements: z.array(z.string()),
});

const roleSchema = z.object({
  connection: z.string(),
  creation: z.array(z.string()),
  revocation: z.array(z.string()),
  rollback: z.array(z.string()),
  renewal: z.array(z.string()),
  /** Seconds. */
  defaultTtl: z.number(),
  maxTtl: z.number(),
});

const staticRoleSchema = z.object({
  connection: z.string(),
  username: z.string(),
  password: z.string(),
  rotationStatements: z.array(z.string()),
  /** Seconds. */
  rotationPeriod: z.number(),
  /** Milliseconds since 1970. */
  rotatedAt: z.number(),
});

/** What the database engine keeps. */
export const databaseStateSchema = z.object({
  connections: z.record(z.string(), connectionSchema).default({}),
  roles: z.record(z.string(), roleSchema).default({}),
  staticRoles: z.record(z.string(), staticRoleSchema).default({}),
});

export type DatabaseState = z.infer<typeof databaseStateSchema>;
export type ConnectionRecord = z.infer<typeof connectionSchema>;
export type RoleRecord = z.infer<typeof roleSchema>;
export type StaticRoleRecord = z.infer<typeof staticRoleSchema>;
