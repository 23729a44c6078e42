export { platformHealthPlugin as default } from './plugin';
