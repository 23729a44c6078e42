import type { Objective } from '@waystone/plugin-observability-common';
import {
  METRICS_RECIPE_ANNOTATION,
  METRICS_SERVICE_ANNOTATION,
  SLO_ANNOTATION,
} from '@waystone/plugin-observability-common';
import { findRecipe, RECIPES } from '../recipes/recipes';
import { readObjectives } from './readObjectives';

/** What an entity's annotations say of its metrics. */
export interface MetricsHints {
  /** What the metrics call it, the best guess first. */
  readonly services: readonly string[];
  /** Whether the first of them was said by {@link METRICS_SERVICE_ANNOTATION}. */
  readonly claimed: boolean;
  readonly recipe?: string;
  readonly objectives?: readonly Omit<Objective, 'source'>[];
  /** What is wrong with annotations, so that they are not followed. */
  readonly problems: readonly string[];
}

/** Names of Services, Deployments and the like. */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The most characters of a value that a message repeats. */
const MOST_SHOWN = 60;

/** Reads the annotations; what cannot be followed is a problem in words, and is left out. */
export function readHints(
  annotations: Readonly<Record<string, string>>,
  name: string,
): MetricsHints {
  const problems: string[] = [];
  const refuse = (annotation: string, reason: string): undefined => {
    problems.push(`The annotation '${annotation}' is not followed: ${reason}`);
  };
  const claimed = readService(annotations[METRICS_SERVICE_ANNOTATION], reason =>
    refuse(METRICS_SERVICE_ANNOTATION, reason),
  );
  const recipe = annotations[METRICS_RECIPE_ANNOTATION]?.trim();
  const slo = annotations[SLO_ANNOTATION];
  const objectives =
    slo === undefined
      ? undefined
      : readObjectives(slo, reason => refuse(SLO_ANNOTATION, reason));
  return {
    services: [
      ...new Set(
        [
          claimed,
          annotations['backstage.io/kubernetes-id']?.trim(),
          name,
        ].filter(each => each !== undefined && NAME.test(each)) as string[],
      ),
    ],
    claimed: claimed !== undefined,
    recipe:
      recipe === undefined || findRecipe(recipe)
        ? recipe
        : refuse(
            METRICS_RECIPE_ANNOTATION,
            `there is no recipe ${shown(recipe)}. There are ${RECIPES.map(
              ({ id }) => id,
            ).join(', ')}`,
          ),
    objectives,
    problems,
  };
}

function readService(
  value: string | undefined,
  refuse: (reason: string) => undefined,
): string | undefined {
  const text = value?.trim();
  if (text === undefined || text === '') {
    return undefined;
  }
  if (NAME.test(text)) {
    return text;
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return refuse(
      `${shown(
        text,
      )} is an address. It takes the name that the metrics have in the label 'service', such as 'order-service'`,
    );
  }
  if (/[{}"'=()[\]]/.test(text)) {
    return refuse(
      `${shown(
        text,
      )} looks like a query. It takes a name only, such as 'order-service'`,
    );
  }
  return refuse(
    `${shown(
      text,
    )} is not a name of a Kubernetes Service: lower-case letters, digits and dashes`,
  );
}

/** A value of somebody else, short and without line breaks. */
function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return `'${
    line.length > MOST_SHOWN ? `${line.slice(0, MOST_SHOWN)}…` : line
  }'`;
}
