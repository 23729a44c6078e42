import { randomUUID } from 'node:crypto';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';

/** What an action did. */
export interface ActionRun {
  readonly output: Record<string, unknown>;
  /** What it told the person who waits. */
  readonly log: string[];
}

/** Runs an action as a task does. */
export async function runAction(
  // Each action has its own input and output.
  action: TemplateAction<any, any, any>,
  options: {
    readonly workspacePath: string;
    readonly input?: Record<string, unknown>;
    readonly isDryRun?: boolean;
    readonly taskId?: string;
    readonly signal?: AbortSignal;
  },
): Promise<ActionRun> {
  const output: Record<string, unknown> = {};
  const log: string[] = [];
  const say = (message: string) => {
    log.push(message);
  };
  await action.handler({
    ...options,
    input: options.input ?? {},
    task: { id: options.taskId ?? randomUUID() },
    logger: mockServices.logger.mock({ info: say, warn: say }),
    user: {
      ref: 'user:default/maya.okafor',
      entity: {
        spec: {
          profile: {
            displayName: 'Maya Okafor',
            email: 'maya.okafor@fernway.example',
          },
        },
      },
    },
    getInitiatorCredentials: async () =>
      mockCredentials.user('user:default/maya.okafor'),
    output: (name: string, value: unknown) => {
      output[name] = value;
    },
    // Of the context, only what the actions read.
  } as unknown as Parameters<typeof action.handler>[0]);
  return { output, log };
}
