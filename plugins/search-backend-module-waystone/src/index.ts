export { searchModuleWaystone as default } from './module';
