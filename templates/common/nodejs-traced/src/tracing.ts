import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
} from '@opentelemetry/sdk-trace-node';

/**
 * Sends traces to OTEL_EXPORTER_OTLP_ENDPOINT, which the platform sets. Without it, none are made.
 *
 * @returns sends what is left
 */
export function startTracing(serviceName: string): () => Promise<void> {
  if (!process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
    return async () => {};
  }
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  // Also makes it the global one, and reads and writes the header traceparent
  provider.register();
  return async () => {
    await provider.shutdown();
    trace.disable();
  };
}
