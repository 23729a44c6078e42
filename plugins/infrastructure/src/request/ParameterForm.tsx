import { Form } from '@backstage/plugin-scaffolder-react/alpha';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type {
  FieldErrorProps,
  ObjectFieldTemplateProps,
  UiSchema,
  WidgetProps,
} from '@rjsf/utils';
import validator from '@rjsf/validator-ajv8';
import type {
  Choice,
  Offering,
  Verdict,
} from '@waystone/plugin-infrastructure-common';
import { useMemo } from 'react';
import { infrastructureTranslationRef } from '../translation';
import styles from './ParameterForm.module.css';
import { ParameterList } from './ParameterList';
import { toFormErrors } from './toFormErrors';
import { toFormSchema } from './toFormSchema';

/** The form of an offering's own fields, made from its schema. The cluster says what is wrong, so it does not. */
export function ParameterForm(props: {
  offering: Offering;
  value: Readonly<Record<string, unknown>>;
  verdicts: readonly Verdict[];
  onChange(value: Record<string, unknown>): void;
}) {
  const { offering, value, verdicts, onChange } = props;
  const { advancedFields, choices, schema } = offering;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const formSchema = useMemo(
    () => toFormSchema(schema, { nothing: t('form.nothing') }),
    [schema, t],
  );
  const uiSchema = useMemo<UiSchema>(
    () => ({
      'ui:submitButtonOptions': { norender: true },
      'ui:options': { advancedFields },
      ...Object.fromEntries(
        Object.entries(choices).map(([field, named]) => [
          field,
          { 'ui:widget': ChoiceCards, 'ui:options': { choices: named } },
        ]),
      ),
    }),
    [advancedFields, choices],
  );
  const extraErrors = useMemo(() => toFormErrors(verdicts), [verdicts]);
  return (
    <Form
      EXPERIMENTAL_theme="bui"
      tagName="div"
      schema={formSchema}
      uiSchema={uiSchema}
      formData={value}
      validator={validator}
      noValidate
      noHtml5Validate
      showErrorList={false}
      extraErrors={extraErrors}
      experimental_defaultFormStateBehavior={{
        emptyObjectFields: 'skipEmptyDefaults',
      }}
      templates={{
        ArrayFieldTemplate: ParameterList,
        FieldErrorTemplate: FieldErrors,
        ObjectFieldTemplate: ObjectFields,
      }}
      onChange={({ formData }) => onChange(formData ?? {})}
      onSubmit={() => {}}
    />
  );
}

/** What is said of a field, in the colour that all errors of the portal have. */
function FieldErrors(props: FieldErrorProps) {
  return (
    <>
      {props.errors?.map((error, index) => (
        <p key={index} className={styles.error} role="alert">
          {error}
        </p>
      ))}
    </>
  );
}

/** The fields of an object, those that are seldom needed folded away. */
function ObjectFields(props: ObjectFieldTemplateProps) {
  const { description, idSchema, properties, title, uiSchema } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  if (idSchema.$id !== 'root') {
    return (
      <fieldset className={styles.group}>
        {title && <legend className={styles.legend}>{title}</legend>}
        {description && <p className={styles.help}>{description}</p>}
        {properties.map(({ content }) => content)}
      </fieldset>
    );
  }
  const advanced = new Set<string>(
    (uiSchema?.['ui:options']?.advancedFields as string[] | undefined) ?? [],
  );
  const folded = properties.filter(({ name }) => advanced.has(name));
  return (
    <div className={styles.fields}>
      {properties
        .filter(({ name }) => !advanced.has(name))
        .map(({ content }) => content)}
      {folded.length > 0 && (
        <details className={styles.advanced}>
          <summary>{t('form.advanced')}</summary>
          {folded.map(({ content }) => content)}
        </details>
      )}
    </div>
  );
}

/** The values of a field as cards, of which one is chosen. */
function ChoiceCards(props: WidgetProps) {
  const { id, label, onChange, options, rawErrors = [], schema, value } = props;
  const named = (options.choices ?? {}) as unknown as Record<string, Choice>;
  const values = (schema.enum ?? Object.keys(named)) as string[];
  return (
    <fieldset
      className={styles.cards}
      aria-invalid={rawErrors.length > 0 || undefined}
    >
      <legend className={styles.label}>{label}</legend>
      {values.map(each => {
        const choice = Object.hasOwn(named, each) ? named[each] : undefined;
        return (
          <label key={each} className={styles.card}>
            <input
              type="radio"
              name={id}
              value={each}
              checked={value === each}
              onChange={() => onChange(each)}
            />
            <span className={styles.choice}>{choice?.title ?? each}</span>
            {choice?.description && (
              <span className={styles.help}>{choice.description}</span>
            )}
          </label>
        );
      })}
    </fieldset>
  );
}
