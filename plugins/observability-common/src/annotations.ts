/**
 * Which value the label of the service has in the metrics, such as the name of a Kubernetes Service. Without it: the
 * value of `backstage.io/kubernetes-id`, then the entity's name.
 *
 * @public
 */
export const METRICS_SERVICE_ANNOTATION = 'waystone.dev/metrics-service';

/**
 * The recipe that a service's metrics follow, such as `micrometer`. Without it: the first of which there are metrics.
 *
 * @public
 */
export const METRICS_RECIPE_ANNOTATION = 'waystone.dev/metrics-recipe';

/**
 * What a service promises, such as `availability=99.9, latency=95@500ms, window=30d`.
 *
 * @public
 */
export const SLO_ANNOTATION = 'waystone.dev/slo';
