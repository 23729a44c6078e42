export { governancePlugin as default } from './plugin';
