import { useCallback, useEffect, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { useTechDocsReaderPage } from '@backstage/plugin-techdocs-react';
import type { DocsBuild } from '@waystone/plugin-techdocs-native-common';
import { docsBuildApiRef } from '../api/DocsBuildClient';

/** The last build of the docs that are shown; undefined until it is known. What is not known is not worth an error here. */
export function useDocsBuild(): {
  readonly build: DocsBuild | undefined;
  readonly confirm: () => Promise<void>;
} {
  const api = useApi(docsBuildApiRef);
  const { entityRef } = useTechDocsReaderPage();
  const { namespace, kind, name } = entityRef;
  const [build, setBuild] = useState<DocsBuild>();
  const [asked, setAsked] = useState(0);

  useEffect(() => {
    const controller = new AbortController();
    api
      .getBuild({ namespace, kind, name }, controller.signal)
      .then(setBuild)
      .catch(() => {
        // The pages are there all the same
        setBuild(undefined);
      });
    return () => controller.abort();
  }, [api, namespace, kind, name, asked]);

  const confirm = useCallback(async () => {
    await api.confirm({ namespace, kind, name });
    setAsked(count => count + 1);
  }, [api, namespace, kind, name]);
  return { build, confirm };
}
