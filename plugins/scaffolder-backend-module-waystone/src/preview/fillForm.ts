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

function valuesOf({ metadata, spec }: ServiceRequest): Record<string, string> {
  const { cache, database, monitoring, queue } = spec;
  const objective =
    typeof monitoring === 'object'
      ? monitoring.availability && monitoring.availability.objective
      : undefined;
  const values: Record<string, string | undefined> = {
    name: metadata.name,
    description: spec.description,
    owner: `group:default/${spec.owner.replace(/^.*[:/]/, '')}`,
    system: `system:default/${spec.system.replace(/^.*[:/]/, '')}`,
    tier: spec.tier === undefined ? undefined : String(spec.tier),
    database: engineOf(database),
    databaseSize: typeof database === 'object' ? database.size : undefined,
    cache: engineOf(cache),
    queue: engineOf(queue),
    exposure: spec.exposure,
    schedule: spec.schedule,
    size: spec.resources,
    availability: objective === undefined ? undefined : String(objective),
  };
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

function engineOf(
  said: string | { readonly engine: string } | undefined,
): string | undefined {
  return typeof said === 'object' ? said.engine : said;
}
