/**
 * Markup that is safe to send.
 *
 * @internal
 */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type HtmlValue = Html | readonly Html[] | string | number | undefined | false;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Tag of a template whose values are escaped unless they are markup themselves.
 *
 * @internal
 */
export function html(
  strings: TemplateStringsArray,
  ...values: HtmlValue[]
): Html {
  return new Html(
    strings.reduce((text, part, index) => {
      return text + render(values[index - 1]) + part;
    }),
  );
}

function render(value: HtmlValue): string {
  if (value instanceof Html) {
    return value.text;
  }
  if (Array.isArray(value)) {
    return value.map(item => item.text).join('');
  }
  if (value === undefined || value === false) {
    return '';
  }
  return String(value).replace(/[&<>"']/g, char => ENTITIES[char]);
}
