export { authModuleWaystone as default } from './module';
