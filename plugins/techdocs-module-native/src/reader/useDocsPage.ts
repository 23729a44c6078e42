import { useEffect, useState } from 'react';
import { useParams } from 'react-router-dom';
import { useApi } from '@backstage/frontend-plugin-api';
import { useTechDocsReaderPage } from '@backstage/plugin-techdocs-react';
import type { DocsPage } from '@waystone/plugin-techdocs-native-common';
import { docsBuildApiRef } from '../api/DocsBuildClient';
import { pagePath } from './pagePath';

/** The page that is shown: its path, and what is known of it. It is counted as read when what is known arrives. */
export function useDocsPage(): {
  readonly path: string;
  readonly page: DocsPage | undefined;
} {
  const api = useApi(docsBuildApiRef);
  const { entityRef } = useTechDocsReaderPage();
  const { namespace, kind, name } = entityRef;
  const path = pagePath(useParams()['*'] ?? '');
  const [page, setPage] = useState<DocsPage>();

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const entity = { namespace, kind, name };
    const read = async () => {
      try {
        const known = await api.getPage(entity, path, signal);
        if (signal.aborted) return;
        setPage(known);
        await api.countRead(entity, path);
      } catch {
        // The page itself is there all the same
        if (!signal.aborted) setPage(undefined);
      }
    };
    void read();
    return () => controller.abort();
  }, [api, namespace, kind, name, path]);

  return { path, page: page?.path === path ? page : undefined };
}
