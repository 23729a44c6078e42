import { useEffect } from 'react';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';

/**
 * Names the browser's tab.
 *
 * @param title - From the particular to the general, without the portal's name; undefined leaves the tab as it is.
 */
export function useDocumentTitle(title: string | undefined): void {
  const portal =
    useApi(configApiRef).getOptionalString('app.title') ?? 'Backstage';
  useEffect(() => {
    if (title !== undefined) document.title = `${title} | ${portal}`;
  }, [title, portal]);
}
