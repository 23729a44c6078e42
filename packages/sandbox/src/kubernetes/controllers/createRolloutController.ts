import type { Controller, ControllerTools } from './Controller';

export function createRolloutController(_tools: ControllerTools): Controller {
  return { name: 'rollouts-controller', watches: [], reconcile() {} };
}
