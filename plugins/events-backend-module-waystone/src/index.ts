export { eventsModuleWaystone as default } from './module';
