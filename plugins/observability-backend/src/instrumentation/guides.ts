import type { Instrumentation } from '@waystone/plugin-observability-common';

/** How a service of one kind gets metrics. */
export interface Guide {
  readonly language: string;
  /** What the words about a service must have, all of them. */
  readonly fits: readonly RegExp[];
  readonly steps: Instrumentation['steps'];
  /** Where the metrics are then. */
  readonly path: string;
  readonly url: string;
}

/** The first that fits is taken; the last fits everything. */
export const GUIDES: readonly Guide[] = [
  {
    language: 'Java with Spring Boot',
    fits: [/^spring(-boot)?(@|$)/],
    path: '/actuator/prometheus',
    url: 'https://docs.spring.io/spring-boot/reference/actuator/metrics.html',
    steps: [
      {
        title: 'Add the registry',
        file: 'build.gradle',
        syntax: 'groovy',
        code: `dependencies {
  implementation 'org.springframework.boot:spring-boot-starter-actuator'
  runtimeOnly 'io.micrometer:micrometer-registry-prometheus'
}
`,
      },
      {
        title: 'Show the metrics, with buckets of durations',
        file: 'src/main/resources/application.yaml',
        syntax: 'yaml',
        code: `management:
  endpoints.web.exposure.include: health,prometheus
  metrics.distribution.percentiles-histogram:
    http.server.requests: true
`,
      },
    ],
  },
  {
    language: 'Java',
    fits: [/^(java|kotlin|jvm|quarkus)(@|$)/],
    path: '/metrics',
    url: 'https://opentelemetry.io/docs/zero-code/java/agent/',
    steps: [
      {
        title: 'Start the agent with the service',
        file: 'Dockerfile',
        syntax: 'docker',
        code: `ADD https://github.com/open-telemetry/opentelemetry-java-instrumentation/releases/latest/download/opentelemetry-javaagent.jar /app/agent.jar
ENV JAVA_TOOL_OPTIONS="-javaagent:/app/agent.jar"
ENV OTEL_METRICS_EXPORTER=prometheus OTEL_EXPORTER_PROMETHEUS_PORT=9464
`,
      },
    ],
  },
  {
    language: 'Node.js',
    fits: [/^(node(js|\.js)?|typescript|javascript|express|nestjs)(@|$)/],
    path: '/metrics',
    url: 'https://opentelemetry.io/docs/languages/js/exporters/#prometheus',
    steps: [
      {
        title: 'Add the libraries',
        file: 'terminal',
        syntax: 'bash',
        code: `npm install @opentelemetry/sdk-node @opentelemetry/exporter-prometheus \\
  @opentelemetry/instrumentation-http
`,
      },
      {
        title: 'Start them before the service: node --require ./metrics.js',
        file: 'metrics.js',
        syntax: 'javascript',
        code: `const { NodeSDK } = require('@opentelemetry/sdk-node');
const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');

new NodeSDK({
  metricReader: new PrometheusExporter({ port: 9464 }),
  instrumentations: [new HttpInstrumentation()],
}).start();
`,
      },
    ],
  },
  {
    language: 'Go',
    fits: [/^go(lang)?(@|$)/],
    path: '/metrics',
    url: 'https://prometheus.io/docs/guides/go-application/',
    steps: [
      {
        title: 'Measure the handlers and show the metrics',
        file: 'main.go',
        syntax: 'go',
        code: `var duration = promauto.NewHistogramVec(prometheus.HistogramOpts{
	Name:    "http_request_duration_seconds",
	Buckets: prometheus.DefBuckets,
}, []string{"code", "method"})

mux.Handle("/metrics", promhttp.Handler())
http.ListenAndServe(":8080", promhttp.InstrumentHandlerDuration(duration, mux))
`,
      },
    ],
  },
  {
    language: 'Python',
    fits: [/^(python|django|flask|fastapi)(@|$)/],
    path: '/metrics',
    url: 'https://github.com/trallnag/prometheus-fastapi-instrumentator',
    steps: [
      {
        title: 'Measure the requests and show the metrics',
        file: 'main.py',
        syntax: 'python',
        code: `# pip install prometheus-fastapi-instrumentator
from prometheus_fastapi_instrumentator import Instrumentator

Instrumentator(should_group_status_codes=False).instrument(app).expose(app)
`,
      },
    ],
  },
  {
    language: '.NET',
    fits: [/^(dotnet|\.net|csharp|c#|aspnet(core)?)(@|$)/],
    path: '/metrics',
    url: 'https://github.com/prometheus-net/prometheus-net',
    steps: [
      {
        title: 'Measure the requests and show the metrics',
        file: 'Program.cs',
        syntax: 'csharp',
        code: `// dotnet add package prometheus-net.AspNetCore
app.UseRouting();
app.UseHttpMetrics();
app.MapMetrics();
`,
      },
    ],
  },
  {
    language: 'Rust',
    fits: [/^rust(@|$)/],
    path: '/metrics',
    url: 'https://docs.rs/axum-prometheus',
    steps: [
      {
        title: 'Measure the requests and show the metrics',
        file: 'main.rs',
        syntax: 'rust',
        code: `// cargo add axum-prometheus
let (layer, metrics) = axum_prometheus::PrometheusMetricLayer::pair();
let app = router
    .route("/metrics", get(|| async move { metrics.render() }))
    .layer(layer);
`,
      },
    ],
  },
  {
    language: 'any language',
    fits: [],
    path: '/metrics',
    url: 'https://opentelemetry.io/docs/specs/semconv/http/http-metrics/',
    steps: [
      {
        title: 'Show a histogram of durations, by OpenTelemetry',
        file: 'GET /metrics',
        syntax: 'text',
        code: `# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_request_method="GET",http_route="/items",http_response_status_code="200",le="0.1"} 12
http_server_request_duration_seconds_count{http_request_method="GET",http_route="/items",http_response_status_code="200"} 14
http_server_request_duration_seconds_sum{http_request_method="GET",http_route="/items",http_response_status_code="200"} 1.3
`,
      },
    ],
  },
];
