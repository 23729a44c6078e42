import { useLocation } from 'react-router-dom';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';

/**
 * The name of the page that is shown, on the reader's own page: its header would say it, but is left out for the room it
 * takes. Undefined on the tab of an entity, which has the entity's name.
 */
export function useReaderTitle(
  entityName: string,
  path: string,
): string | undefined {
  const home = useRouteRef(techdocsPlugin.routes.root)?.();
  const { pathname } = useLocation();
  if (home === undefined || !pathname.startsWith(`${home}/`)) return undefined;
  const words = path
    .replace(/\.html$/, '')
    .split('/')
    .filter(Boolean)
    .map(part => part.replace(/[-_]/g, ' '))
    .map(part => part.charAt(0).toLocaleUpperCase('en') + part.slice(1));
  return [...words.reverse(), entityName].join(' | ');
}
