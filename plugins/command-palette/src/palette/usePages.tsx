import {
  appTreeApiRef,
  coreExtensionData,
  useApi,
} from '@backstage/frontend-plugin-api';
import { RiPagesLine } from '@remixicon/react';
import { useMemo } from 'react';
import type { PaletteEntry } from './PaletteEntry';

/** Pages that are nothing to go to. */
const ELSEWHERE = ['page:search', 'page:auth', 'page:app-visualizer'];

/** The pages of the portal, of all its plugins, that the signed-in person may open. @internal */
export function usePages(): readonly PaletteEntry[] {
  const appTreeApi = useApi(appTreeApiRef);
  return useMemo(() => {
    const { tree } = appTreeApi.getTree();
    return [...tree.nodes.values()].flatMap(({ instance, spec }) => {
      const path = instance?.getData(coreExtensionData.routePath);
      const title = instance?.getData(coreExtensionData.title);
      return spec.id.startsWith('page:') &&
        !ELSEWHERE.includes(spec.id) &&
        path &&
        title &&
        !path.includes(':')
        ? [
            {
              id: spec.id,
              title,
              href: path,
              icon: instance?.getData(coreExtensionData.icon) ?? (
                <RiPagesLine />
              ),
            },
          ]
        : [];
    });
  }, [appTreeApi]);
}
