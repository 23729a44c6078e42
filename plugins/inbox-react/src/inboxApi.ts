import {
  ApiBlueprint,
  createApiRef,
  createExtensionInput,
} from '@backstage/frontend-plugin-api';
import type { InboxSource } from './InboxSource';
import { inboxSourceDataRef } from './InboxSourceBlueprint';

/**
 * The sources of what needs a person or a team.
 *
 * @public
 */
export interface InboxApi {
  readonly sources: readonly InboxSource[];
}

/** @public */
export const inboxApiRef = createApiRef<InboxApi>().with({
  id: 'plugin.home.inbox',
  pluginId: 'home',
});

/**
 * Collects the sources; for a module of the plugin `home`.
 *
 * @public
 */
export const inboxApi = ApiBlueprint.makeWithOverrides({
  name: 'inbox',
  inputs: { sources: createExtensionInput([inboxSourceDataRef]) },
  factory: (originalFactory, { inputs }) =>
    originalFactory(defineParams =>
      defineParams({
        api: inboxApiRef,
        deps: {},
        factory: () => ({
          sources: inputs.sources.map(source => source.get(inboxSourceDataRef)),
        }),
      }),
    ),
});
