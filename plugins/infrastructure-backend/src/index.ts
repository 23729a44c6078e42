/**
 * Infrastructure on request: previews, approvals, provisioning, connections.
 *
 * @packageDocumentation
 */

export { infrastructurePlugin as default } from './plugin';
