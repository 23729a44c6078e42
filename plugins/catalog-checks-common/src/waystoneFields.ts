/** The annotations that Waystone reads. @public */
export const waystoneAnnotations = {
  tier: 'waystone.dev/tier',
  onCall: 'waystone.dev/on-call',
  runbook: 'waystone.dev/runbook',
  stack: 'waystone.dev/stack',
  environments: 'waystone.dev/environments',
} as const;

/** The annotation that says where the documentation is. */
export const DOCS_ANNOTATION = 'backstage.io/techdocs-ref';

/**
 * What an annotation of Waystone may be. The patterns are plain and anchored: they run in linear time in
 * editors, and mean the same to PostgreSQL.
 *
 * @public
 */
export interface WaystoneField {
  readonly annotation: string;
  readonly title: string;
  readonly description: string;
  readonly pattern: string;
  readonly examples: readonly string[];
}

/** @public */
export const waystoneFields: readonly WaystoneField[] = [
  {
    annotation: waystoneAnnotations.tier,
    title: 'Tier',
    description:
      'How much hangs on it: 1 stops the business, 2 hurts customers, 3 hurts colleagues, 4 can wait. In quotes.',
    pattern: '^[1-4]$',
    examples: ['1', '3'],
  },
  {
    annotation: waystoneAnnotations.onCall,
    title: 'On-call',
    description: 'The address of the on-call schedule, with https.',
    pattern: '^https://[^\\s<>"]+$',
    examples: ['https://oncall.example.com/teams/orders'],
  },
  {
    annotation: waystoneAnnotations.runbook,
    title: 'Runbook',
    description:
      'Where to read what to do when it breaks: a page of the portal that begins with a slash, or an https address.',
    pattern: '^(https://[^\\s<>"]+|/[^/\\s<>"\\\\][^\\s<>"\\\\]*)$',
    examples: ['/docs/default/component/order-service/runbook'],
  },
  {
    annotation: waystoneAnnotations.stack,
    title: 'Stack',
    description:
      'The technology it is built with, in lower case, with its version after an @ if that matters.',
    pattern: '^[a-z][a-z0-9+#.-]{0,40}(@[0-9][0-9a-z.-]{0,20})?$',
    examples: ['java@21', 'node', 'go@1.25'],
  },
  {
    annotation: waystoneAnnotations.environments,
    title: 'Environments',
    description:
      'Where it runs: names of environments with commas between them. Without it, it runs in all.',
    pattern: '^[a-z0-9-]{1,40}(, ?[a-z0-9-]{1,40}){0,19}$',
    examples: ['development,staging'],
  },
];
