import { translationApiRef } from '@backstage/frontend-plugin-api';
import type {
  ApiHolder,
  TranslationFunction,
  TranslationRef,
} from '@backstage/frontend-plugin-api';

/**
 * The words of a source, which is no component, in the language of the reader.
 *
 * @public
 */
export async function readWords<Messages extends { [key in string]: string }>(
  apis: ApiHolder,
  translationRef: TranslationRef<string, Messages>,
): Promise<TranslationFunction<Messages>> {
  const api = apis.get(translationApiRef);
  if (!api) {
    throw new Error('This app has no translations');
  }
  const now = api.getTranslation(translationRef);
  if (now.ready) {
    return now.t;
  }
  return new Promise((resolve, reject) => {
    const subscription = api.translation$(translationRef).subscribe({
      next: snapshot => {
        if (snapshot.ready) {
          resolve(snapshot.t);
          subscription.unsubscribe();
        }
      },
      error: reject,
    });
  });
}
