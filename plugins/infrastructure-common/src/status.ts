import { z } from 'zod';

/** Where a request is on its way. @public */
export const requestStatusSchema = z.enum([
  'draft',
  'awaiting-approval',
  'provisioning',
  'ready',
  'updating',
  'deleting',
  'deleted',
  'rejected',
  'failed',
  'drifted',
]);

/** @public */
export type RequestStatus = z.infer<typeof requestStatusSchema>;

const TRANSITIONS: Readonly<Record<RequestStatus, readonly RequestStatus[]>> = {
  draft: ['awaiting-approval', 'provisioning', 'deleted'],
  'awaiting-approval': ['provisioning', 'updating', 'ready', 'rejected'],
  provisioning: ['ready', 'failed', 'deleting'],
  ready: ['updating', 'awaiting-approval', 'drifted', 'deleting'],
  updating: ['ready', 'failed', 'deleting'],
  drifted: ['ready', 'updating', 'deleting'],
  failed: ['provisioning', 'updating', 'deleting'],
  deleting: ['deleted', 'failed'],
  deleted: [],
  rejected: [],
};

/** Whether a request may go from one status to another. @public */
export function canTransition(from: RequestStatus, to: RequestStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Those from which a request never moves again. @public */
export const finalStatuses: readonly RequestStatus[] = ['deleted', 'rejected'];
