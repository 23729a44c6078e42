import type { Histogram } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** What OpenTelemetry advises for durations of requests, in seconds. An objective for latency has to be one of them. */
const BOUNDARIES = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];

/** The metrics of the service, as Prometheus reads them. */
export class Metrics {
  readonly provider: MeterProvider;
  /** Durations of requests, by OpenTelemetry's semantic conventions. Dashboard and alerts read it. */
  readonly requests: Histogram;
  readonly #exporter = new PrometheusExporter({ preventServerStart: true });
  readonly #serializer = new PrometheusSerializer();

  constructor(serviceName: string) {
    this.provider = new MeterProvider({
      resource: resourceFromAttributes({ 'service.name': serviceName }),
      readers: [this.#exporter],
    });
    this.requests = this.provider
      .getMeter(serviceName)
      // The exporter adds no unit to the name, as Prometheus' conventions want it
      .createHistogram('http.server.request.duration.seconds', {
        unit: 's',
        description: 'Duration of HTTP server requests.',
        advice: { explicitBucketBoundaries: BOUNDARIES },
      });
  }

  /** All metrics in Prometheus' text format. */
  async toText(): Promise<string> {
    const { resourceMetrics } = await this.#exporter.collect();
    return this.#serializer.serialize(resourceMetrics);
  }
}
