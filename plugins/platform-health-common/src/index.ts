export {
  faultSchema,
  heldDataSchema,
  sandboxResponseSchema,
  storySchema,
  systemSchema,
  systemsResponseSchema,
} from './contract';
export type {
  HeldData,
  PlatformSystem,
  SandboxFault,
  SandboxResponse,
  SandboxStory,
  SystemsResponse,
} from './contract';
export {
  platformHealthPermissions,
  platformHealthReadPermission,
  platformHealthSandboxChangePermission,
} from './permissions';
