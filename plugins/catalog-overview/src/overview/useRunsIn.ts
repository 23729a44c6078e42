import type { Entity } from '@backstage/catalog-model';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import {
  ENVIRONMENTS_ANNOTATION,
  readEnvironments,
  selectEnvironments,
} from '@waystone/environments';
import { useMemo } from 'react';

/** What is deployed. A library runs in what uses it. */
const RUNNING = ['service', 'website'];

/** The environments that a service runs in: nothing for what does not run, or if the portal has none. */
export function useRunsIn(entity: Entity) {
  const config = useApi(configApiRef);
  const environments = useMemo(() => readEnvironments(config), [config]);
  const annotation = entity.metadata.annotations?.[ENVIRONMENTS_ANNOTATION];
  const runs =
    entity.kind.toLocaleLowerCase('en-US') === 'component' &&
    (annotation !== undefined ||
      RUNNING.includes(String(entity.spec?.type).toLocaleLowerCase('en-US')));
  if (!runs || environments.all.length === 0) {
    return undefined;
  }
  return { environments, ...selectEnvironments(environments, annotation) };
}
