import {
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { RESOURCE_TYPE_INFRASTRUCTURE_REQUEST } from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';
import type { RequestCondition } from './database/requestQueries';

/** What rules look at: a request, or one that is about to be made. */
export interface RuledRequest {
  readonly owner: string;
  readonly approvers: readonly string[];
  /** Undefined if it is not known yet; then it is in none that a policy names. */
  readonly environment?: string;
}

/** The resources of the permissions. */
export const infrastructureRequestResourceRef = createPermissionResourceRef<
  RuledRequest,
  RequestCondition
>().with({
  pluginId: 'infrastructure',
  resourceType: RESOURCE_TYPE_INFRASTRUCTURE_REQUEST,
});

const isOwner = createPermissionRule({
  name: 'IS_OWNER',
  description: 'Allows requests that belong to one of the teams',
  resourceRef: infrastructureRequestResourceRef,
  paramsSchema: z.object({
    claims: z.array(z.string()).describe('References of teams'),
  }),
  apply: (request, { claims }) => claims.includes(request.owner),
  toQuery:
    ({ claims }) =>
    query => {
      query.whereIn('owner', claims);
    },
});

const isApprover = createPermissionRule({
  name: 'IS_APPROVER',
  description: 'Allows requests that one of the users or groups may decide on',
  resourceRef: infrastructureRequestResourceRef,
  paramsSchema: z.object({
    claims: z.array(z.string()).describe('References of users and groups'),
  }),
  apply: (request, { claims }) =>
    request.approvers.some(approver => claims.includes(approver)),
  toQuery:
    ({ claims }) =>
    query => {
      query.whereRaw('jsonb_exists_any(approvers, ?::text[])', [claims]);
    },
});

const isInEnvironment = createPermissionRule({
  name: 'IN_ENVIRONMENT',
  description: 'Allows requests for one of the environments',
  resourceRef: infrastructureRequestResourceRef,
  paramsSchema: z.object({
    environments: z.array(z.string()).describe('Names of environments'),
  }),
  apply: (request, { environments }) =>
    request.environment !== undefined &&
    environments.includes(request.environment),
  toQuery:
    ({ environments }) =>
    query => {
      query.whereIn('environment', environments);
    },
});

/** The rules for policies. */
export const infrastructureRequestRules = [
  isOwner,
  isApprover,
  isInEnvironment,
];
