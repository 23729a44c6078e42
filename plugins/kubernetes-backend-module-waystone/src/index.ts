export { kubernetesModuleWaystone as default } from './module';
