import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The page of entities that are gone. @internal */
export const removedRouteRef = createRouteRef();
