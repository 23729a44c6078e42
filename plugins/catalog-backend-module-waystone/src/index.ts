export { catalogModuleWaystone as default } from './module';
