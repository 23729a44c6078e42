import type { Instrumentation } from '@waystone/plugin-observability-common';
import { GUIDES } from './guides';

/** What a service that has no metrics adds, in what it is written in; in Kubernetes' words if nobody knows. */
export function describeInstrumentation(
  stack: readonly string[],
  name: string,
): Instrumentation {
  const words = stack.map(each => each.toLocaleLowerCase('en-US'));
  const guide =
    GUIDES.find(({ fits }) =>
      fits.every(one => words.some(word => one.test(word))),
    ) ?? GUIDES[GUIDES.length - 1];
  return {
    language: guide.language,
    url: guide.url,
    steps: [
      ...guide.steps,
      {
        title: 'Say Prometheus where they are',
        file: 'service-monitor.yaml',
        syntax: 'yaml',
        code: `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  endpoints:
    - port: http
      path: ${guide.path}
      interval: 30s
`,
      },
    ],
  };
}
