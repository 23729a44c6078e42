import { z } from 'zod';
import { refusesCredentials } from '../core/refusesCredentials';
import type { UpstreamHttp } from '../core/UpstreamHttp';
import { pathOf } from '../core/UpstreamHttp';
import type { Upstream } from '../core/UpstreamRegistry';
import type {
  AlertmanagerAlertFilter,
  AlertmanagerCallOptions,
  AlertmanagerClient,
  AlertmanagerSilenceDraft,
} from './Client';
import { formatMatcher } from './formatMatcher';
import type { AlertmanagerMatcher } from './formatMatcher';
import {
  alertGroupSchema,
  alertSchema,
  receiversSchema,
  silenceIdSchema,
  silenceSchema,
  statusSchema,
} from './types';

/** @internal */
export class DefaultAlertmanagerClient implements AlertmanagerClient {
  readonly #http: UpstreamHttp;

  constructor(http: UpstreamHttp) {
    this.#http = http;
  }

  get instance(): string {
    return this.#http.instance;
  }

  get upstream(): Upstream {
    return {
      system: 'alertmanager',
      instance: this.instance,
      url: this.#http.baseUrl,
      probe: async signal => {
        try {
          const { version } = await this.status({ signal });
          return { version: version || undefined, authenticated: true };
        } catch (error) {
          if (refusesCredentials(error)) {
            return { authenticated: false };
          }
          throw error;
        }
      },
      health: () => this.#http.health(),
      caches: () => [],
    };
  }

  async alerts(filter: AlertmanagerAlertFilter = {}) {
    return this.#http.json(
      {
        operation: 'list-alerts',
        path: '/api/v2/alerts',
        query: toQuery(filter),
        signal: filter.signal,
      },
      z.array(alertSchema),
    );
  }

  async alertGroups(filter: AlertmanagerAlertFilter = {}) {
    return this.#http.json(
      {
        operation: 'list-alert-groups',
        path: '/api/v2/alerts/groups',
        query: toQuery(filter),
        signal: filter.signal,
      },
      z.array(alertGroupSchema),
    );
  }

  async silences(
    options: AlertmanagerCallOptions & {
      filter?: readonly AlertmanagerMatcher[];
      expired?: boolean;
    } = {},
  ) {
    const { filter, expired = true, signal } = options;
    const silences = await this.#http.json(
      {
        operation: 'list-silences',
        path: '/api/v2/silences',
        query: { filter: filter?.map(formatMatcher) },
        signal,
      },
      z.array(silenceSchema),
    );
    // Only newer servers have a parameter for it.
    return expired
      ? silences
      : silences.filter(({ status }) => status.state !== 'expired');
  }

  async findSilence(id: string, { signal }: AlertmanagerCallOptions = {}) {
    return this.#http.findJson(
      {
        operation: 'read-silence',
        path: pathOf`/api/v2/silence/${id}`,
        signal,
      },
      silenceSchema,
    );
  }

  async setSilence(
    draft: AlertmanagerSilenceDraft,
    { signal }: AlertmanagerCallOptions = {},
  ) {
    const matchers = draft.matchers.map(
      ({ name, value, isRegex = false, isEqual = true }) => ({
        name,
        value,
        isRegex,
        isEqual,
      }),
    );
    const { silenceID } = await this.#http.json(
      {
        operation: 'set-silence',
        method: 'POST',
        path: '/api/v2/silences',
        body: { ...draft, matchers },
        signal,
      },
      silenceIdSchema,
    );
    return silenceID;
  }

  async expireSilence(id: string, { signal }: AlertmanagerCallOptions = {}) {
    await this.#http.send({
      operation: 'expire-silence',
      method: 'DELETE',
      path: pathOf`/api/v2/silence/${id}`,
      signal,
    });
  }

  async receivers({ signal }: AlertmanagerCallOptions = {}) {
    const receivers = await this.#http.json(
      { operation: 'list-receivers', path: '/api/v2/receivers', signal },
      receiversSchema,
    );
    return receivers.map(({ name }) => name);
  }

  async status({ signal }: AlertmanagerCallOptions = {}) {
    const { cluster, versionInfo, uptime } = await this.#http.json(
      { operation: 'read-status', path: '/api/v2/status', signal },
      statusSchema,
    );
    return {
      version: versionInfo.version,
      cluster: cluster.status,
      peers: cluster.peers?.length ?? 0,
      startedAt: uptime,
    };
  }

  async close(): Promise<void> {
    await this.#http.close();
  }
}

function toQuery(options: AlertmanagerAlertFilter) {
  const { filter, receiver, active, silenced, inhibited } = options;
  return {
    filter: filter?.map(formatMatcher),
    // The parameter is a pattern for the whole name.
    receiver: receiver?.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&'),
    active,
    silenced,
    inhibited,
  };
}
