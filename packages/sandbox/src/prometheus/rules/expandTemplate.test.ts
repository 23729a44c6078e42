import { expandTemplate } from './expandTemplate';

const data = { labels: { job: 'api', empty: '' }, value: 1234.5678 };

describe('templates of alerts', () => {
  // What Prometheus 3.14 made of the same templates.
  it.each([
    ['no template', 'no template'],
    ['{{ $labels.job }} {{ .Labels.job }} {{$value}}', 'api api 1234.5678'],
    ['{{ $labels.missing }}|', '|'],
    ['{{ $value | humanize }}', '1.235k'],
    ['{{ humanize1024 2048.0 }}', '2ki'],
    ['{{ 0.0012 | humanize }}', '1.2m'],
    ['{{ 0.1234 | humanizePercentage }}', '12.34%'],
    ['{{ humanizeDuration 3661.0 }}', '1h 1m 1s'],
    ['{{ humanizeDuration 90061.0 }}', '1d 1h 1m 1s'],
    ['{{ humanizeDuration 0.0421 }}', '42.1ms'],
    [
      '{{ humanizeTimestamp 1435781451.781 }}',
      '2015-07-01 20:10:51.781 +0000 UTC',
    ],
    ['{{ printf "%.2f of %s" $value $labels.job }}', '1234.57 of api'],
    ['{{ $labels.job | toUpper | printf "%q" }}', '"API"'],
    ['{{ if gt $value 1000.0 }}much{{ else }}little{{ end }}', 'much'],
    [
      '{{ if eq $labels.job "web" }}a{{ else if eq $labels.job "api" }}b{{ else }}c{{ end }}',
      'b',
    ],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{ index $labels "job" }}', 'api'],
  ])('%s', (template, expected) => {
    expect(expandTemplate(template, data)).toBe(expected);
  });

  it('say what is wrong with them', () => {
    expect(expandTemplate('{{ $nothing }}', data)).toBe(
      '<error expanding template: undefined variable "$nothing">',
    );
    expect(expandTemplate('{{ if true }}', data)).toContain('unexpected EOF');
  });
});
