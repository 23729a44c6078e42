import { waystoneFields } from './waystoneFields';
import { DOCS_ANNOTATION, waystoneAnnotations } from './waystoneFields';

/** What is wrong with a field of an entity, wherever the entity comes from. @public */
export interface FieldFinding {
  readonly id: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly path: readonly (string | number)[];
  /** What an annotation that is missing may be. */
  readonly proposal?: string;
}

/** The parts of an entity that {@link checkFields} looks at. @public */
export interface FieldsOfEntity {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly links: readonly unknown[];
  readonly tagCount: number;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** More tags than a person can read. */
const MOST_TAGS = 50;
/** Said of tags and links; the rest is alike. */
const MOST_OF_A_KIND = 20;

/** Kinds that belong to a system. */
const OF_A_SYSTEM = new Set(['component', 'api', 'resource']);
/** Types of components that run, so that somebody is called when they break. */
const RUNNING = new Set(['service', 'website']);

/**
 * The fields that Waystone reads: those that can't be used, and those that are missing.
 *
 * @public
 */
export function checkFields(entity: FieldsOfEntity): FieldFinding[] {
  return [
    ...checkValues(entity),
    ...checkLinks(entity.links),
    ...(entity.tagCount > MOST_TAGS
      ? [
          {
            id: 'tags-too-many',
            severity: 'warning' as const,
            message: `It has ${entity.tagCount} tags. More than ${MOST_TAGS} help nobody to find it.`,
            path: ['metadata', 'tags'],
          },
        ]
      : []),
    ...checkMissing(entity),
  ];
}

function checkValues(entity: FieldsOfEntity): FieldFinding[] {
  return waystoneFields.flatMap(field => {
    const value = entity.annotations[field.annotation];
    const fine =
      value === undefined ||
      // Other types than strings are refused by the catalog, and said elsewhere
      typeof value !== 'string' ||
      new RegExp(field.pattern).test(value);
    return fine
      ? []
      : [
          {
            id: `${field.title.toLocaleLowerCase('en-US')}-invalid`,
            severity: 'error' as const,
            message: `${field.annotation} can't be '${quote(value)}'. ${
              field.description
            } Such as '${field.examples[0]}'.`,
            path: ['metadata', 'annotations', field.annotation],
          },
        ];
  });
}

function checkLinks(links: readonly unknown[]): FieldFinding[] {
  const findings: FieldFinding[] = [];
  links.forEach((link, index) => {
    const url =
      typeof link === 'object' && link !== null && 'url' in link
        ? link.url
        : undefined;
    if (
      typeof url === 'string' &&
      findings.length < MOST_OF_A_KIND &&
      !isSafeLink(url)
    ) {
      findings.push({
        id: 'link-unsafe',
        severity: 'error',
        message: `The address '${quote(
          url,
        )}' is not shown as a link. Use https, http or mailto.`,
        path: ['metadata', 'links', index, 'url'],
      });
    }
  });
  return findings;
}

/** Whether a browser may be sent there. What is not a URL is refused by the catalog itself. @public */
export function isSafeLink(url: string): boolean {
  try {
    return ['https:', 'http:', 'mailto:'].includes(new URL(url).protocol);
  } catch {
    return true;
  }
}

function checkMissing(entity: FieldsOfEntity): FieldFinding[] {
  const kind = entity.kind.toLocaleLowerCase('en-US');
  const findings: FieldFinding[] = [];
  if (OF_A_SYSTEM.has(kind) && !entity.spec.system) {
    findings.push({
      id: 'system-missing',
      severity: 'warning',
      message: 'It belongs to no system. Name it in spec.system.',
      path: ['spec', 'system'],
    });
  }
  if (kind !== 'component') {
    return findings;
  }
  const lacks = (annotation: string) =>
    entity.annotations[annotation] === undefined;
  const running = RUNNING.has(String(entity.spec.type));
  if (running && lacks(waystoneAnnotations.tier)) {
    findings.push({
      id: 'tier-missing',
      severity: 'warning',
      message: `It has no tier, so nobody knows how urgent an outage is. Set ${waystoneAnnotations.tier} to a number from 1 to 4.`,
      path: ['metadata', 'annotations', waystoneAnnotations.tier],
      proposal: "'3'",
    });
  }
  if (running && lacks(waystoneAnnotations.runbook)) {
    findings.push({
      id: 'runbook-missing',
      severity: 'warning',
      message: `It has no runbook, so whoever is called doesn't know what to do. Set ${waystoneAnnotations.runbook}.`,
      path: ['metadata', 'annotations', waystoneAnnotations.runbook],
      proposal: `/docs/${entity.namespace}/component/${entity.name}/runbook`,
    });
  }
  if (lacks(DOCS_ANNOTATION) && lacks('backstage.io/techdocs-entity')) {
    findings.push({
      id: 'docs-missing',
      severity: 'warning',
      message: `It has no documentation. Put a docs folder and a mkdocs.yml beside this file, and set ${DOCS_ANNOTATION}.`,
      path: ['metadata', 'annotations', DOCS_ANNOTATION],
      proposal: 'dir:.',
    });
  }
  return findings;
}

function quote(value: string): string {
  return value.length > 80 ? `${value.slice(0, 80)}…` : value;
}
