import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The page of what nobody looks after. @internal */
export const unownedRouteRef = createRouteRef();
