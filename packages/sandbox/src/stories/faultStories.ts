import type { Fault } from '../core/FaultTable';
import type { Story } from './Story';

/** A story in which one system fails. */
function createFaultStory(
  story: Omit<Story, 'start' | 'undo'>,
  system: string,
  fault: Fault,
): Story {
  return {
    ...story,
    start: async ({ context }) => context.faults.set(system, fault),
    undo: async ({ context }) => context.faults.clear(system),
  };
}

/** Argo CD answers, but late. */
export const slowUpstream = createFaultStory(
  {
    name: 'slow-upstream',
    title: 'Argo CD is slow',
    summary: 'Argo CD takes two seconds for every answer.',
    look: 'Its latency on this page. Pages of the portal stay as fast as before.',
  },
  'argocd',
  { latencyMs: 2000 },
);

/** Prometheus is gone. */
export const upstreamDown = createFaultStory(
  {
    name: 'upstream-down',
    title: 'Prometheus is down',
    summary: 'Prometheus refuses every connection.',
    look: 'This page; metrics are shown as they were, with their age.',
  },
  'prometheus',
  { down: true },
);
