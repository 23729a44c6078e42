import { z } from 'zod';

const pushSchema = z.object({
  ref: z.string().startsWith('refs/heads/'),
  repository: z.object({ html_url: z.url() }),
});

/** Topics that push events of forges come under. */
export const PUSH_TOPICS = ['gitea', 'github'];

/**
 * Reads a push webhook of Gitea or GitHub. It is a hint and nothing more: the source itself says what has changed.
 *
 * @returns Address of the repository that was pushed to; undefined for every other event.
 */
export function readPush(payload: unknown): string | undefined {
  const push = pushSchema.safeParse(payload);
  return push.success ? push.data.repository.html_url : undefined;
}
