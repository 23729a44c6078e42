import { z } from 'zod';
import { ForgeError } from '../ForgeError';
import type { HookRecord } from '../state/schemas';
import type { ForgeCall, ForgeRouter } from './ForgeRouter';

/** How many webhooks a repository may have. */
const MAX_HOOKS = 20;

const createSchema = z.object({
  type: z.string(),
  config: z.object({
    url: z.url({ protocol: /^https?$/ }),
    content_type: z.string().default('json'),
    secret: z.string().default(''),
  }),
  events: z.array(z.string()).default(['push']),
  branch_filter: z.string().default(''),
  active: z.boolean().default(false),
});

/** Webhooks of a repository. @internal */
export function addHookRoutes(router: ForgeRouter): void {
  router
    .on('get', '/repos/:owner/:name/hooks', call => {
      if (call.writer) {
        call.sendPage(call.repository.hooks, presentHook);
      }
    })
    .on('post', '/repos/:owner/:name/hooks', call => {
      const record = call.writable;
      const body = call.body(createSchema);
      if (record.hooks.length >= MAX_HOOKS) {
        throw ForgeError.invalid(`more than ${MAX_HOOKS} webhooks`);
      }
      const hook: HookRecord = {
        id: call.service.state.nextId(),
        type: body.type,
        url: body.config.url,
        contentType: body.config.content_type,
        secret: body.config.secret,
        events: body.events,
        branchFilter: body.branch_filter,
        active: body.active,
        createdAt: new Date().toISOString(),
      };
      record.hooks.push(hook);
      call.service.state.save(record);
      call.res.status(201).json(presentHook(hook));
    })
    .on('get', '/repos/:owner/:name/hooks/:id', call => {
      if (call.writer) {
        call.res.json(presentHook(findHook(call)));
      }
    })
    .on('delete', '/repos/:owner/:name/hooks/:id', call => {
      const record = call.writable;
      const hook = findHook(call);
      record.hooks = record.hooks.filter(other => other !== hook);
      call.service.state.save(record);
      call.res.status(204).end();
    });
}

function findHook(call: ForgeCall): HookRecord {
  const hook = call.repository.hooks.find(
    ({ id }) => String(id) === call.req.params.id,
  );
  if (!hook) {
    throw ForgeError.notFound();
  }
  return hook;
}

/** Without the secret, as Gitea does. */
function presentHook(hook: HookRecord) {
  return {
    id: hook.id,
    name: '',
    type: hook.type,
    branch_filter: hook.branchFilter,
    config: { content_type: hook.contentType, url: hook.url },
    events: hook.events,
    authorization_header: '',
    active: hook.active,
    updated_at: hook.createdAt,
    created_at: hook.createdAt,
  };
}
