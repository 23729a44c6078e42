/** The label, with the value `true`, that makes a CompositeResourceDefinition an offering. @public */
export const OFFERING_LABEL = 'waystone.dev/offering';

/** The label of an object that says which request it was made for. @public */
export const REQUEST_LABEL = 'waystone.dev/request';

/**
 * What annotations of a CompositeResourceDefinition say of its offering. All are optional.
 *
 * @public
 */
export const OFFERING_ANNOTATIONS = {
  /** What people read. Without it, the kind. */
  title: 'waystone.dev/title',
  /** One sentence. Without it, the description of the schema. */
  description: 'waystone.dev/description',
  /** Such as `Databases`. */
  category: 'waystone.dev/category',
  /** Name of a picture of the portal: `database`, `cache`, `bucket`, `queue`, `network`, `compute`, `folder`. */
  icon: 'waystone.dev/icon',
  /** Address of its documentation. */
  docs: 'waystone.dev/docs',
  /** Name of a rule in `waystone.infrastructure.prices`. */
  price: 'waystone.dev/price-rule',
  /** `protected` (in protected environments only), `always` or `never`. */
  approval: 'waystone.dev/approval',
  /** Days after which it ends in environments that are not protected. */
  timeToLive: 'waystone.dev/time-to-live-days',
  /** What answers at its connection, such as `postgresql`; ready means that it does. */
  connection: 'waystone.dev/connection',
  /** Comma-separated fields that the form folds away. */
  advanced: 'waystone.dev/advanced-fields',
  /** `cloudnative-pg`: its backups are Backups of the Cluster that `status.clusterName` names. */
  backups: 'waystone.dev/backups',
  /** `secret`: who deletes its connection Secret gets another one with new credentials. */
  rotation: 'waystone.dev/rotation',
  /** JSON: by field what a change of it does to what is there, in a sentence. */
  effects: 'waystone.dev/change-effects',
  /** JSON: by field and value a title and a description, for values shown as cards. */
  choices: 'waystone.dev/choices',
} as const;

/** On a Group: comma-separated references of the users who lead it and approve for it. @public */
export const TEAM_LEADS_ANNOTATION = 'waystone.dev/team-leads';

/** On a Resource of the catalog: the id of the request that it was made by. @public */
export const REQUEST_ANNOTATION = 'waystone.dev/infrastructure-request';

/** What browsers hear when a request has changed; they are not told which. @public */
export const INFRASTRUCTURE_CHANNEL = 'infrastructure:requests';

/** The topic of the events that tell of changed requests; the payload is a `requestChangeSchema`. @public */
export const REQUEST_TOPIC = 'waystone.infrastructure.request';
