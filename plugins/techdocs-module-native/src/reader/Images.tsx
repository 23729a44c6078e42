import { useEffect } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useShadowRootElements } from '@backstage/plugin-techdocs-react';
import { techdocsNativeTranslationRef } from '../translation';
import './images.css';

/** Lets the keyboard enlarge images as a click does: the light box of TechDocs listens to clicks only. */
export function Images() {
  const { t } = useTranslationRef(techdocsNativeTranslationRef);
  const images = useShadowRootElements<HTMLImageElement>(['article img']);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      (event.currentTarget as HTMLImageElement).click();
    };
    const own = images.filter(
      image => !image.closest('a') && !image.matches('.twemoji, .emojione'),
    );
    for (const image of own) {
      image.tabIndex = 0;
      image.setAttribute('role', 'button');
      image.setAttribute(
        'aria-label',
        t('image.enlarge', { name: image.alt || t('image.unnamed') }),
      );
      image.addEventListener('keydown', onKey);
    }
    return () => {
      for (const image of own) image.removeEventListener('keydown', onKey);
    };
  }, [images, t]);
  return null;
}
