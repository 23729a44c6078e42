export { urlReaderServiceFactory } from './urlReaderServiceFactory';
