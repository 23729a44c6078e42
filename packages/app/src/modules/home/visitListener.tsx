import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import homePlugin from '@backstage/plugin-home/alpha';
import { lazy } from 'react';

const VisitListener = lazy(() =>
  import('@backstage/plugin-home').then(m => ({ default: m.VisitListener })),
);

const ENTITY_PATH = /^\/catalog\/([^/]+)\/([^/]+)\/([^/]+)/;

function toEntityRef({ pathname }: { pathname: string }): string | undefined {
  const [, namespace, kind, name] = ENTITY_PATH.exec(pathname) ?? [];
  return name && stringifyEntityRef({ namespace, kind, name });
}

function visitName({ pathname }: { pathname: string }): string {
  const entityRef = toEntityRef({ pathname });
  if (entityRef) {
    return parseEntityRef(entityRef).name;
  }
  return /^\/([^/]+)$/.exec(pathname)?.[1] ?? document.title;
}

/**
 * Keeps what was visited, once for each page: with its own names of visits, which are new functions each time,
 * the stock listener saves at every rendering.
 */
export const visitListener = homePlugin
  .getExtension('app-root-element:home/visit-listener')
  .override({
    params: {
      element: (
        <VisitListener toEntityRef={toEntityRef} visitName={visitName} />
      ),
    },
  });
