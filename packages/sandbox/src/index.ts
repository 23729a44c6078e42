export { createSandbox } from './createSandbox';
export type { Sandbox, SandboxOptions } from './createSandbox';
export { SandboxStartError } from './SandboxStartError';
