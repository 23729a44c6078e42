import type { Snippet } from '@waystone/plugin-infrastructure-common';

/** Text to copy for a connection. It names the Secret; no value is ever in it. */
export function createSnippets(options: {
  readonly namespace: string;
  readonly secret: string;
  readonly keys: readonly string[];
  readonly engine?: string;
}): Snippet[] {
  const { engine, keys, namespace, secret } = options;
  const isPostgres = engine === 'postgresql' && keys.includes('uri');
  return [
    ...(isPostgres ? postgresSnippets(namespace, secret) : []),
    {
      id: 'kubernetes',
      title: 'Deployment',
      language: 'yaml',
      code: isPostgres
        ? [
            'env:',
            '  - name: DATABASE_URL',
            '    valueFrom:',
            '      secretKeyRef:',
            `        name: ${secret}`,
            '        key: uri',
          ].join('\n')
        : ['envFrom:', '  - secretRef:', `      name: ${secret}`].join('\n'),
    },
    {
      id: 'application',
      title: 'Application',
      language: 'yaml',
      code: [
        '# deploy/application.yaml',
        'spec:',
        '  env:',
        ...(isPostgres ? [['DATABASE_URL', 'uri']] : keys.map(pairOf)).flatMap(
          ([name, key]) => [
            `    - name: ${name}`,
            '      valueFrom:',
            '        secretKeyRef:',
            `          name: ${secret}`,
            `          key: ${key}`,
          ],
        ),
      ].join('\n'),
    },
  ];
}

function postgresSnippets(namespace: string, secret: string): Snippet[] {
  return [
    {
      id: 'psql',
      title: 'psql',
      language: 'bash',
      code: `psql "$(kubectl get secret ${secret} --namespace ${namespace} \\\n  --output jsonpath='{.data.uri}' | base64 --decode)"`,
    },
    {
      id: 'node',
      title: 'Node.js',
      language: 'javascript',
      code: [
        "import { Pool } from 'pg';",
        '',
        'const pool = new Pool({ connectionString: process.env.DATABASE_URL });',
      ].join('\n'),
    },
    {
      id: 'java',
      title: 'Java',
      language: 'yaml',
      code: [
        '# application.yaml; SPRING_DATASOURCE_URL comes from the key jdbc-uri',
        'spring:',
        '  datasource:',
        // eslint-disable-next-line no-template-curly-in-string
        '    url: ${SPRING_DATASOURCE_URL}',
      ].join('\n'),
    },
    {
      id: 'python',
      title: 'Python',
      language: 'python',
      code: [
        'import os',
        'import psycopg',
        '',
        'connection = psycopg.connect(os.environ["DATABASE_URL"])',
      ].join('\n'),
    },
    {
      id: 'go',
      title: 'Go',
      language: 'go',
      code: 'pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))',
    },
  ];
}

function pairOf(key: string): [string, string] {
  return [key.replaceAll(/[^A-Za-z0-9]+/g, '_').toLocaleUpperCase('en'), key];
}
