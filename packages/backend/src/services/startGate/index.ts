export { startGateServiceFactory } from './startGateServiceFactory';
