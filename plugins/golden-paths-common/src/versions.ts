import { z } from 'zod';

/** What a version of a golden path brought. @public */
export const templateChangeSchema = z.object({
  version: z.string(),
  /** One sentence each. */
  changes: z.array(z.string()),
});

/**
 * The answer of `GET /golden-paths/versions/:namespace/:name`: where something that was made by a golden path stands.
 *
 * @public
 */
export const templateVersionsSchema = z.object({
  templateRef: z.string(),
  title: z.string(),
  /** The version it has now. */
  current: z.string(),
  /** What came after the version that was asked for, the newest first; undefined if that version is unknown. */
  newer: z.array(templateChangeSchema).optional(),
});

/** @public */
export const templateVersionsQuerySchema = z.object({
  /** The version that something was made with. */
  version: z.string().min(1).max(50),
});

/** @public */
export type TemplateChange = z.infer<typeof templateChangeSchema>;
/** @public */
export type TemplateVersions = z.infer<typeof templateVersionsSchema>;
