export { rootHttpRouterServiceFactory } from './rootHttpRouterServiceFactory';
