export { deliveryPlugin as default } from './plugin';
export { deliveryTranslationRef } from './translation';
