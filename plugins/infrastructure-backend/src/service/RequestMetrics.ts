import type {
  MetricsService,
  MetricsServiceCounter,
  MetricsServiceHistogram,
} from '@backstage/backend-plugin-api/alpha';
import type { RequestStatus } from '@waystone/plugin-infrastructure-common';
import type { RequestRow } from '../database/RequestRow';

/** Counts what becomes of requests, and measures how long they take. */
export class RequestMetrics {
  readonly #moves: MetricsServiceCounter;
  readonly #times: MetricsServiceHistogram;

  constructor(options: { readonly metrics: MetricsService }) {
    this.#moves = options.metrics.createCounter(
      'infrastructure.requests.moved',
      { description: 'Requests that came to another status' },
    );
    this.#times = options.metrics.createHistogram(
      'infrastructure.requests.ready_duration',
      {
        description: 'From being accepted or approved to being usable',
        unit: 's',
      },
    );
  }

  /** Told of every change of status that the worker makes. */
  onStatus(row: RequestRow, from: RequestStatus): void {
    const { kind, environment, status } = row;
    this.#moves.add(1, { kind, environment, from, to: status });
    if (status === 'ready' && from === 'provisioning' && row.applied_at) {
      this.#times.record((Date.now() - row.applied_at.getTime()) / 1000, {
        kind,
        environment,
      });
    }
  }
}
