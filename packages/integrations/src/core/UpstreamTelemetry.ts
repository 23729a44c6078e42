import {
  context,
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Counter, Histogram, Tracer } from '@opentelemetry/api';
import type { UpstreamError } from './UpstreamError';

const SCOPE = '@waystone/integrations';

/** What a call adds to its span while it goes on. @internal */
export interface CallTelemetry {
  attempts: number;
  status?: number;
}

/**
 * One span and one measurement for each call, whatever it took.
 *
 * @remarks
 * `integrations.calls.duration` is a histogram in seconds with the attributes `system`, `instance`, `operation` and
 * `outcome`, which is `ok` or the code of the error. `integrations.calls.retried` counts repetitions.
 *
 * @internal
 */
export class UpstreamTelemetry {
  readonly #attributes: { readonly system: string; readonly instance: string };
  readonly #tracer: Tracer;
  readonly #durations: Histogram;
  readonly #retries: Counter;

  constructor(attributes: {
    readonly system: string;
    readonly instance: string;
  }) {
    this.#attributes = attributes;
    this.#tracer = trace.getTracer(SCOPE);
    const meter = metrics.getMeter(SCOPE);
    this.#durations = meter.createHistogram('integrations.calls.duration', {
      description:
        'How long calls to upstream systems take, with their retries',
      unit: 's',
      advice: {
        explicitBucketBoundaries: [
          0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25,
        ],
      },
    });
    this.#retries = meter.createCounter('integrations.calls.retried', {
      description: 'Repetitions of calls to upstream systems',
    });
  }

  async measure<T>(
    call: { readonly operation: string; readonly method: string },
    run: (telemetry: CallTelemetry) => Promise<T>,
  ): Promise<T> {
    const { system, instance } = this.#attributes;
    const { operation } = call;
    const span = this.#tracer.startSpan(`${system} ${operation}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'waystone.system': system,
        'waystone.instance': instance,
        'waystone.operation': operation,
        'http.request.method': call.method,
      },
    });
    const telemetry: CallTelemetry = { attempts: 0 };
    const startedAt = performance.now();
    let outcome = 'ok';
    try {
      return await context.with(trace.setSpan(context.active(), span), () =>
        run(telemetry),
      );
    } catch (error) {
      const { code, reason } = error as Partial<UpstreamError>;
      outcome = code ?? 'failed';
      span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
      throw error;
    } finally {
      const attributes = { system, instance, operation };
      span.setAttributes({
        'waystone.outcome': outcome,
        'waystone.attempts': telemetry.attempts,
        ...(telemetry.status && {
          'http.response.status_code': telemetry.status,
        }),
      });
      span.end();
      this.#durations.record((performance.now() - startedAt) / 1000, {
        ...attributes,
        outcome,
      });
      if (telemetry.attempts > 1) {
        this.#retries.add(telemetry.attempts - 1, attributes);
      }
    }
  }
}
