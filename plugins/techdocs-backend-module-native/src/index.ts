/**
 * Generates TechDocs in the portal itself, without Python or Docker.
 *
 * @packageDocumentation
 */
export { techdocsModuleNative as default } from './module';
