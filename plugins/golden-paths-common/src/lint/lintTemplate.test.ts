import { findRegexProblem } from './findRegexProblem';
import { lintTemplate, lintText } from './lintTemplate';

describe('findRegexProblem', () => {
  it.each([
    '(a+)+$',
    '^([a-z]+)*$',
    '^(a|a)*$',
    '^(a|ab)*$',
    '^(.*)*x',
    '^(\\w+\\s?)*$',
    '^((a?)b?)*$',
    '(?:[a-z]{1,50}){30}',
    '^a*a*a*b',
    '.*a?.*\\s.*=.*',
    '^(x\\s*\\s+\\s*)?$',
    '([',
    'a'.repeat(501),
  ])('refuses %s', source => {
    expect(findRegexProblem(source)).toEqual(expect.any(String));
  });

  it.each([
    '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
    '^(?:a|b)*$',
    '^\\d{4}-\\d{2}$',
    '^[0-9*,/-]{1,40} [0-9*,/-]{1,40}$',
    '^https?://[^/]+/.*$',
    '^.*/.*$',
    '^[a-z]+-[a-z]+-[a-z]+-[a-z]+$',
  ])('takes %s', source => {
    expect(findRegexProblem(source)).toBe(undefined);
  });
});

const template = {
  spec: {
    parameters: [{ properties: { name: { pattern: '^[a-z]+$' } } }],
    steps: [
      {
        action: 'fetch:template',
        each: ['./skeleton', './common'],
        input: {
          url: '${{ each.value }}',
          targetPath: './sub',
          values: {
            owner: "${{ parameters.owner | parseEntityRef | pick('na|me') }}",
          },
        },
      },
      { action: 'waystone:repository:publish', input: { name: 'x' } },
    ],
  },
};

describe('lintTemplate', () => {
  it('finds nothing in what is fine', () => {
    expect(lintTemplate(template)).toEqual([]);
  });

  it('takes the message of a form for a text, and a property of its name for one', () => {
    const found = lintTemplate({
      spec: {
        parameters: {
          properties: {
            schedule: { errorMessage: { pattern: 'As in cron: ((a+)+)+' } },
            errorMessage: { pattern: '(a+)+$' },
          },
        },
        steps: [],
      },
    });
    expect(found.map(({ field }) => field)).toEqual([
      'spec.parameters.properties.errorMessage.pattern',
    ]);
  });

  it('says what is wrong, and where', () => {
    const hostile = {
      spec: {
        parameters: { properties: { name: { pattern: '^(a+)+$' } } },
        steps: [
          {
            action: 'fetch:plain',
            input: { url: './ok', targetPath: '../../etc' },
          },
          { action: 'github:actions:dispatch' },
          { action: '${{ parameters.action }}' },
          {
            action: 'fs:rename',
            input: { files: [{ from: 'a', to: '/etc/passwd' }] },
          },
          {
            action: 'fetch:template',
            input: {
              url: 'https://git.example.com/a/%2e%2e/b',
              values: { x: '${{ parameters.x | explode }}' },
            },
          },
          {
            action: 'debug:log',
            input: {
              message: '{% for i in range(0, 999999999) %}x{% endfor %}',
            },
          },
        ],
      },
    };
    expect(
      lintTemplate(hostile).map(({ field, rule }) => `${rule} ${field}`),
    ).toEqual([
      'regex spec.parameters.properties.name.pattern',
      'filter spec.steps[4].input.values.x',
      'loop spec.steps[5].input.message',
      'path spec.steps[0].input.targetPath',
      'action spec.steps[1].action',
      'action spec.steps[2].action',
      'path spec.steps[3].input.files[0].to',
      'path spec.steps[4].input.url',
    ]);
    expect(lintTemplate(undefined)).toEqual([]);
  });

  it('knows what the platform adds', () => {
    expect(
      lintTemplate(
        {
          spec: {
            steps: [{ action: 'acme:dns', input: { x: '${{ a | shout }}' } }],
          },
        },
        { actions: ['acme:*'], filters: ['shout'] },
      ),
    ).toEqual([]);
  });

  it('refuses loops without a number', () => {
    expect(lintText('{% for i in range(values.count) %}{% endfor %}')).toEqual([
      expect.objectContaining({ rule: 'loop' }),
    ]);
    expect(lintText('{% for i in range(3) %}{% endfor %}')).toEqual([]);
  });

  it('refuses regular expressions in expressions, and in the schema of secrets', () => {
    expect(lintText('${{ values.name | replace(r/(a+)+$/, "") }}')).toEqual([
      expect.objectContaining({ rule: 'regex' }),
    ]);
    expect(lintText('${{ "or/and" | upper }} ${{ values.path }}')).toEqual([]);
    expect(
      lintTemplate({
        spec: {
          secrets: { schema: { properties: { key: { pattern: '(a+)+$' } } } },
          steps: [],
        },
      }),
    ).toEqual([
      expect.objectContaining({
        field: 'spec.secrets.schema.properties.key.pattern',
        rule: 'regex',
      }),
    ]);
  });
});
