import { join } from 'node:path';
import { z } from 'zod';
import type { SandboxContext } from '../core/SandboxContext';
import { readStateFile, writeStateFile } from '../core/stateFiles';
import type { SandboxPart } from '../SandboxPart';
import { readAlertmanagerConfig } from './AlertmanagerConfig';
import { Alerts } from './Alerts';
import type { AlertDraft } from './Alerts';
import { createAlertmanagerHandler } from './createAlertmanagerHandler';
import { createDefaultConfig } from './createDefaultConfig';
import { silenceRecord, Silences } from './Silences';

const stateSchema = z.object({ silences: z.array(silenceRecord) });

/**
 * What {@link createAlertmanager} is told.
 *
 * @public
 */
export interface AlertmanagerOptions {
  /** The names of the teams, each of which gets a receiver. */
  readonly teams?: readonly string[];
  /** In Alertmanager's own YAML. @defaultValue routes by `team` and `severity` */
  readonly config?: string;
  /** @defaultValue the clock */
  readonly now?: () => number;
}

/**
 * Alertmanager, with the way in for the sandbox's own Prometheus.
 *
 * @public
 */
export interface Alertmanager extends SandboxPart {
  /** Takes alerts as over HTTP. */
  receive(alerts: readonly AlertDraft[]): void;
}

/**
 * Creates the Alertmanager of the sandbox. Silences survive a restart; nobody is notified.
 *
 * @public
 */
export function createAlertmanager(
  context: SandboxContext,
  options: AlertmanagerOptions = {},
): Alertmanager {
  const now = options.now ?? Date.now;
  const file = join(context.stateFolder, 'alertmanager', 'state.json');
  const config = readAlertmanagerConfig(
    options.config ?? createDefaultConfig(options.teams ?? []),
  );
  const silences = new Silences({
    known: readStateFile(file, stateSchema)?.silences ?? [],
    now,
    changed: () => writeStateFile(file, { silences: silences.records }),
  });
  const alerts = new Alerts({ config, silences, now });
  return {
    name: 'alertmanager',
    path: '/alertmanager',
    title: 'Alertmanager',
    summary:
      'Stands in for Alertmanager: routes, groups and silences the alerts of the sandbox. Nobody is notified.',
    handler: createAlertmanagerHandler({
      config,
      alerts,
      silences,
      token: context.token,
      startedAt: now(),
    }),
    renderError: (_status, message) => ({
      contentType: 'application/json',
      body: JSON.stringify(message),
    }),
    receive: drafts => alerts.receive(drafts),
  };
}
