import { readServiceRequest } from '@waystone/application-model';
import type { ServiceRequest } from '@waystone/application-model';
import type { FilledForm } from '@waystone/plugin-golden-paths-common';

const TEMPLATES: Readonly<Record<string, string>> = {
  'service nodejs': 'nodejs-service',
  'service python': 'python-service',
  'service java': 'java-service',
  'service go': 'go-service',
  'website react': 'react-website',
  'job nodejs': 'scheduled-job',
};

/** What the form of a golden path has to be filled with to ask for a ServiceRequest. */
export function fillForm(text: string): FilledForm {
  const { value, problems } = readServiceRequest(text);
  if (!value) {
    return {
      problems: problems.map(({ line, message, suggestion }) => ({
        message,
        ...(line !== undefined && { line }),
        ...(suggestion && { suggestion }),
      })),
    };
  }
  const { language, type } = value.spec;
  const template = TEMPLATES[`${type} ${language}`];
  if (template === undefined) {
    return {
      problems: [
        {
          message: `There is no golden path for a ${type} in ${language}`,
          suggestion: `There is: ${Object.keys(TEMPLATES).join(', ')}.`,
        },
      ],
    };
  }
  return { problems: [], template, values: valuesOf(value) };
}

function valuesOf({ metadata, spec }: ServiceRequest): FilledForm['values'] {
  const { cache, database, queue } = spec;
  const { availability, latency } = objectivesOf(spec);
  const replicas =
    typeof spec.scaling === 'object' ? undefined : spec.scaling?.toString();
  const values = {
    name: metadata.name,
    description: spec.description,
    owner: `group:default/${spec.owner.replace(/^.*[:/]/, '')}`,
    system: `system:default/${spec.system.replace(/^.*[:/]/, '')}`,
    tier: spec.tier === undefined ? undefined : String(spec.tier),
    database: engineOf(database),
    databaseSize: sizeOf(database),
    cache: engineOf(cache),
    cacheSize: sizeOf(cache),
    queue: engineOf(queue),
    queueSize: sizeOf(queue),
    exposure: spec.exposure,
    schedule: spec.schedule,
    availability,
    latency,
    // What was asked for is not folded away
    advanced:
      spec.resources === undefined && replicas === undefined ? undefined : true,
    size: spec.resources,
    replicas,
  };
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string | true] => entry[1] !== undefined,
    ),
  );
}

function objectivesOf({ monitoring }: ServiceRequest['spec']): {
  readonly availability?: string;
  readonly latency?: string;
} {
  if (typeof monitoring !== 'object') {
    return {};
  }
  const { availability, latency } = monitoring;
  return {
    availability: availability ? availability.objective?.toString() : undefined,
    latency: latency ? latency.threshold : undefined,
  };
}

type Said =
  | string
  | { readonly engine: string; readonly size?: string }
  | undefined;

function engineOf(said: Said): string | undefined {
  return typeof said === 'object' ? said.engine : said;
}

function sizeOf(said: Said): string | undefined {
  return typeof said === 'object' ? said.size : undefined;
}
