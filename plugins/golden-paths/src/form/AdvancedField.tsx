import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { Button } from '@backstage/ui';
import { RiArrowDownSLine, RiArrowRightSLine } from '@remixicon/react';
import { goldenPathsTranslationRef } from '../translation';
import styles from './form.module.css';

/** Folds away what few need. */
export function AdvancedInput(props: {
  readonly disabled?: boolean;
  readonly formData?: boolean;
  readonly onChange: (open: boolean) => void;
  readonly schema: { readonly title?: string };
}) {
  const { disabled, formData: open = false, onChange, schema } = props;
  const { t } = useTranslationRef(goldenPathsTranslationRef);
  return (
    <div className={styles.advanced}>
      <Button
        type="button"
        variant="tertiary"
        iconStart={open ? <RiArrowDownSLine /> : <RiArrowRightSLine />}
        aria-expanded={open}
        isDisabled={disabled}
        onPress={() => onChange(!open)}
      >
        {schema.title ?? t('form.advanced')}
      </Button>
    </div>
  );
}

/**
 * `ui:field: GoldenPathAdvanced`: a boolean that says whether the fields that depend on it are shown. What was entered in them
 * counts in either case.
 */
export const AdvancedField = createFormField({
  component: AdvancedInput,
  name: 'GoldenPathAdvanced',
});
