import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The page of all problems. */
export const problemsRouteRef = createRouteRef();
