import { createHmac, randomUUID } from 'node:crypto';
import type { PushEvent } from '../Forge';
import type { ForgeService } from '../ForgeService';
import { NO_COMMIT } from '../git/GitRepository';
import { presentPayloadCommit } from '../rest/presentCommit';
import { presentRepository } from '../rest/presentRepository';
import { presentUser } from '../rest/presentUser';
import type { HookRecord, RepositoryRecord } from '../state/schemas';

/** How long a receiver may take, in milliseconds. */
const TIMEOUT_MS = 5_000;

/** How many commits a push tells of at most. */
const MAX_COMMITS = 20;

/** A webhook of all repositories. @public */
export interface SystemHook {
  readonly url: string;
  readonly secret: string;
}

/**
 * Tells the webhooks of a repository of a push, signed as Gitea signs: HMAC-SHA256 of the body.
 *
 * @internal
 */
export async function deliverHooks(
  service: ForgeService,
  record: RepositoryRecord,
  push: PushEvent,
  systemHook?: SystemHook,
): Promise<void> {
  const hooks: SystemHook[] = record.hooks.filter(
    hook => hook.active && hook.events.includes('push') && concerns(hook, push),
  );
  if (systemHook) {
    hooks.push(systemHook);
  }
  if (hooks.length === 0) {
    return;
  }
  const body = JSON.stringify(await createPayload(service, record, push));
  await Promise.all(
    hooks.map(hook =>
      deliver(hook, body).catch(error =>
        service.context.log(
          'gitea',
          `webhook to ${new URL(hook.url).host} failed: ${error}`,
        ),
      ),
    ),
  );
}

function concerns(hook: HookRecord, push: PushEvent): boolean {
  return (
    push.branch === undefined ||
    hook.branchFilter === '' ||
    hook.branchFilter === '*' ||
    hook.branchFilter === push.branch
  );
}

async function createPayload(
  service: ForgeService,
  record: RepositoryRecord,
  push: PushEvent,
) {
  const { ref, before, after, pusher } = push;
  const commits =
    after === NO_COMMIT
      ? []
      : await service.git(record).log({
          from: after,
          exclude: before === NO_COMMIT ? undefined : before,
          limit: MAX_COMMITS,
        });
  const payloads = commits.map(commit =>
    presentPayloadCommit(service, record, commit),
  );
  const user = presentUser(service, pusher);
  return {
    ref,
    before,
    after,
    compare_url: `${service.url}/${record.owner}/${record.name}/compare/${before}...${after}`,
    commits: payloads,
    total_commits: payloads.length,
    head_commit: payloads[0] ?? null,
    repository: presentRepository(service, record),
    pusher: user,
    sender: user,
  };
}

async function deliver(hook: SystemHook, body: string) {
  const signature = createHmac('sha256', hook.secret)
    .update(body)
    .digest('hex');
  const response = await fetch(hook.url, {
    method: 'POST',
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      'Content-Type': 'application/json',
      'X-Gitea-Delivery': randomUUID(),
      'X-Gitea-Event': 'push',
      'X-GitHub-Event': 'push',
      'X-Gitea-Signature': signature,
      'X-Hub-Signature-256': `sha256=${signature}`,
    },
  });
  await response.body?.cancel();
  if (!response.ok && response.status >= 400) {
    throw new Error(`it answered ${response.status}`);
  }
}
