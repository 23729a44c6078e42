import {
  createExtensionBlueprint,
  createExtensionDataRef,
} from '@backstage/frontend-plugin-api';
import type { InboxSource } from './InboxSource';

/** @public */
export const inboxSourceDataRef = createExtensionDataRef<InboxSource>().with({
  id: 'inbox.source',
});

/**
 * Adds a source to what needs a person or a team.
 *
 * @public
 */
export const InboxSourceBlueprint = createExtensionBlueprint({
  kind: 'inbox-source',
  attachTo: { id: 'api:home/inbox', input: 'sources' },
  output: [inboxSourceDataRef],
  dataRefs: { source: inboxSourceDataRef },
  factory: (params: InboxSource) => [inboxSourceDataRef(params)],
});
