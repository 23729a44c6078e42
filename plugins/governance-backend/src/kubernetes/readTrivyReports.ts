import type { KubernetesObject } from '@waystone/integrations';
import type { Severity } from '@waystone/plugin-governance-common';
import { z } from 'zod';
import { readSeverity } from './readSeverity';
import { readTime } from './readTime';
import { shorten } from './shorten';
import { StringPool } from './StringPool';

const vulnerabilityReportSchema = z.object({
  report: z.object({
    updateTimestamp: z.string().nullish(),
    artifact: z
      .object({
        repository: z.string().optional(),
        tag: z.string().optional(),
        digest: z.string().optional(),
      })
      .nullish(),
    registry: z.object({ server: z.string().optional() }).nullish(),
    vulnerabilities: z.array(z.unknown()).nullish(),
  }),
});

const vulnerabilitySchema = z.object({
  vulnerabilityID: z.string(),
  severity: z.string().optional(),
  resource: z.string().default(''),
  installedVersion: z.string().default(''),
  fixedVersion: z.string().default(''),
  score: z.number().nullish(),
  title: z.string().optional(),
  primaryLink: z.string().optional(),
  publishedDate: z.string().nullish(),
});

const configurationReportSchema = z.object({
  report: z.object({
    updateTimestamp: z.string().nullish(),
    checks: z.array(z.unknown()).nullish(),
  }),
});

const checkSchema = z.object({
  checkID: z.string(),
  title: z.string().default(''),
  severity: z.string().optional(),
  success: z.boolean(),
  messages: z.array(z.string()).nullish(),
  remediation: z.string().optional(),
  category: z.string().optional(),
});

/** A weakness, the same for all images that have it. */
export interface ObservedVulnerability {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly score?: number;
  readonly url?: string;
  readonly published?: string;
  readonly package: string;
  readonly installed: string;
  /** Undefined if nothing repairs it. */
  readonly fixed?: string;
}

/** The workload that a report is about. */
export interface ReportOwner {
  readonly kind: string;
  readonly name: string;
}

/** What is kept of a VulnerabilityReport. */
export interface ObservedVulnerabilityReport {
  readonly owner: ReportOwner;
  readonly container: string;
  readonly image: string;
  readonly at?: string;
  readonly vulnerabilities: readonly ObservedVulnerability[];
}

/** A setting that a scanner advises against. */
export interface ObservedCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly category?: string;
  readonly message: string;
  readonly objects: number;
  readonly fix?: string;
}

/** What is kept of a ConfigAuditReport. */
export interface ObservedConfigurationReport {
  readonly owner: ReportOwner;
  readonly at?: string;
  /** Only those that failed. */
  readonly checks: readonly ObservedCheck[];
}

const pool = new StringPool();
/** The same weakness in the same version of a package is one object, in however many images it is. */
const known = new Map<string, ObservedVulnerability>();
const MOST_KNOWN = 50_000;

/** Reads a report of Trivy Operator on the image of one container. */
export function readVulnerabilityReport(
  object: KubernetesObject,
): ObservedVulnerabilityReport | undefined {
  const parsed = vulnerabilityReportSchema.safeParse(object);
  const owner = readOwner(object);
  if (!parsed.success || !owner) {
    return undefined;
  }
  const { artifact, registry, updateTimestamp, vulnerabilities } =
    parsed.data.report;
  return {
    owner,
    container: pool.get(
      object.metadata.labels?.['trivy-operator.container.name'] ?? '',
    ),
    image: pool.get(imageOf(registry?.server, artifact ?? {})),
    at: readTime(updateTimestamp),
    vulnerabilities: (vulnerabilities ?? []).flatMap(each => {
      const vulnerability = vulnerabilitySchema.safeParse(each);
      return vulnerability.success ? share(vulnerability.data) : [];
    }),
  };
}

/** Reads a report of Trivy Operator on the settings of a workload. */
export function readConfigurationReport(
  object: KubernetesObject,
): ObservedConfigurationReport | undefined {
  const parsed = configurationReportSchema.safeParse(object);
  const owner = readOwner(object);
  if (!parsed.success || !owner) {
    return undefined;
  }
  const { checks, updateTimestamp } = parsed.data.report;
  return {
    owner,
    at: readTime(updateTimestamp),
    checks: (checks ?? []).flatMap(each => {
      const check = checkSchema.safeParse(each);
      if (!check.success || check.data.success) {
        return [];
      }
      const { category, checkID, messages, remediation, severity, title } =
        check.data;
      const said = (messages ?? []).filter(message => message !== '');
      return {
        id: pool.get(checkID.slice(0, 100)),
        title: pool.get(shorten(title) ?? checkID.slice(0, 100)),
        severity: readSeverity(severity),
        ...(category && { category: pool.get(category.slice(0, 100)) }),
        message: pool.get(shorten(said[0]) ?? ''),
        objects: Math.max(1, said.length),
        ...(remediation && { fix: pool.get(shorten(remediation) ?? '') }),
      };
    }),
  };
}

/** By the owner, as names in labels may be cut. */
function readOwner({ metadata }: KubernetesObject): ReportOwner | undefined {
  const [owner] = metadata.ownerReferences ?? [];
  const kind = owner?.kind ?? metadata.labels?.['trivy-operator.resource.kind'];
  const name =
    owner?.name ??
    metadata.annotations?.['trivy-operator.resource.name'] ??
    metadata.labels?.['trivy-operator.resource.name'];
  return kind && name ? { kind: pool.get(kind), name } : undefined;
}

function imageOf(
  server: string | undefined,
  {
    digest,
    repository = '',
    tag,
  }: {
    readonly repository?: string;
    readonly tag?: string;
    readonly digest?: string;
  },
): string {
  const name = [server, repository].filter(Boolean).join('/');
  return tag ? `${name}:${tag}` : `${name}${digest ? `@${digest}` : ''}`;
}

function share(
  vulnerability: z.output<typeof vulnerabilitySchema>,
): ObservedVulnerability {
  const {
    fixedVersion,
    installedVersion,
    primaryLink,
    publishedDate,
    resource,
    score,
    severity,
    title,
    vulnerabilityID,
  } = vulnerability;
  const key = [
    vulnerabilityID,
    resource,
    installedVersion,
    fixedVersion,
    severity,
    score,
  ].join(' ');
  const found = known.get(key);
  if (found) {
    return found;
  }
  const url = webAddress(primaryLink);
  const observed: ObservedVulnerability = {
    id: vulnerabilityID.slice(0, 100),
    severity: readSeverity(severity),
    title: shorten(title) ?? vulnerabilityID.slice(0, 100),
    ...(typeof score === 'number' && { score }),
    ...(url && { url }),
    published: readTime(publishedDate),
    package: resource.slice(0, 300),
    installed: installedVersion.slice(0, 100),
    fixed: shorten(fixedVersion),
  };
  if (known.size >= MOST_KNOWN) {
    known.clear();
  }
  known.set(key, observed);
  return observed;
}

/** Only what a browser may follow. */
function webAddress(text: string | undefined): string | undefined {
  return text && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
    ? text
    : undefined;
}
