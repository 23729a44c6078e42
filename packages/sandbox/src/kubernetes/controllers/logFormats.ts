import { fakeDigest } from './templateHash';

/**
 * How a kind of program writes its log.
 *
 * @internal
 */
export interface LogFormat {
  /** The lines of a start. */
  readonly start: (program: LoggingProgram) => readonly LogEntry[];
  /** One request, or whatever the program does again and again. */
  readonly work: (program: LoggingProgram, random: () => number) => LogEntry;
  /** A line in the program's own form. */
  readonly line: (
    entry: LogEntry,
    time: Date,
    program: LoggingProgram,
  ) => string;
  /** What it leaves behind when it ends with an error: bare lines. */
  readonly crash: (program: LoggingProgram) => readonly string[];
}

/** What of a container its log speaks of. @internal */
export interface LoggingProgram {
  readonly name: string;
  readonly version: string;
  readonly pod: string;
}

/** @internal */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields?: Readonly<Record<string, string | number>>;
}

const PATHS = ['', '/search', '/recent', '/{id}', '/{id}', '/{id}/history'];
/** How often a request is what, in percent up to which a random number counts. */
const METHODS = [
  { upTo: 75, method: 'GET' },
  { upTo: 93, method: 'POST' },
  { upTo: 100, method: 'PUT' },
] as const;
const STATUSES = [
  { upTo: 95.5, status: 200, level: 'info' },
  { upTo: 98, status: 404, level: 'info' },
  { upTo: 99.5, status: 409, level: 'warn' },
  { upTo: 100, status: 503, level: 'error' },
] as const;

function pick<T extends { readonly upTo: number }>(
  choices: readonly T[],
  random: () => number,
): T {
  const number = random() * 100;
  return choices.find(({ upTo }) => number < upTo)!;
}

function requestEntry(
  { name }: LoggingProgram,
  random: () => number,
): LogEntry {
  const noun = name.replace(/-(service|gateway|web)$/, '');
  const { method } = pick(METHODS, random);
  const { status, level } = pick(STATUSES, random);
  const rest =
    method === 'POST' ? '' : PATHS[Math.floor(random() * PATHS.length)];
  return {
    level,
    message: 'request completed',
    fields: {
      method,
      path: `/api/v1/${noun}s${rest.replace(
        '{id}',
        fakeDigest(`${random()}`, 8),
      )}`,
      status: status === 200 && method === 'POST' ? 201 : status,
      duration_ms: Math.round((4 + random() ** 4 * 400) * 10) / 10,
      trace_id: fakeDigest(`trace ${random()}`, 32),
    },
  };
}

const start = ({ version }: LoggingProgram): readonly LogEntry[] => [
  { level: 'info', message: `starting version ${version}` },
  { level: 'info', message: 'configuration loaded' },
  { level: 'info', message: 'listening', fields: { port: 8080 } },
  { level: 'info', message: 'ready' },
];

const NODE_LEVELS = { debug: 20, info: 30, warn: 40, error: 50 };

/** JSON as Node.js programs with pino write it. */
const nodeJson: LogFormat = {
  start,
  work: requestEntry,
  line: ({ level, message, fields }, time, { name, pod }) =>
    JSON.stringify({
      level: NODE_LEVELS[level],
      time: time.getTime(),
      hostname: pod,
      name,
      ...fields,
      msg: message,
    }),
  crash: ({ name }) => [
    '/app/dist/server.js:48',
    "  throw new TypeError(`Cannot read properties of undefined (reading 'currency')`);",
    '        ^',
    '',
    "TypeError: Cannot read properties of undefined (reading 'currency')",
    '    at loadPriceRules (/app/dist/pricing/loadPriceRules.js:31:42)',
    `    at async start (/app/dist/server.js:48:3) {`,
    `  service: '${name}'`,
    '}',
    '',
    'Node.js v24.9.0',
  ],
};

/** JSON as Go programs with slog write it. */
const goJson: LogFormat = {
  start,
  work: requestEntry,
  line: ({ level, message, fields }, time) =>
    JSON.stringify({
      time: time.toISOString(),
      level: level.toUpperCase(),
      msg: message,
      ...fields,
    }),
  crash: () => [
    'panic: runtime error: invalid memory address or nil pointer dereference',
    '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x7c41e6]',
    '',
    'goroutine 1 [running]:',
    'main.newRepository(0x0, {0xc00019e000, 0x24})',
    '\t/src/repository.go:57 +0x86',
    'main.main()',
    '\t/src/main.go:41 +0x2f4',
    'exit status 2',
  ],
};

/** Plain lines as Spring Boot writes them. */
const springText: LogFormat = {
  start: ({ name, version }) => [
    {
      level: 'info',
      message: `Starting Application v${version} using Java 21.0.8 with PID 1`,
    },
    { level: 'info', message: 'HikariPool-1 - Start completed.' },
    { level: 'info', message: 'Tomcat started on port 8080 (http)' },
    {
      level: 'info',
      message: `Started Application (${name}) in 3.214 seconds`,
    },
  ],
  work: requestEntry,
  line: ({ level, message, fields }, time, { name }) =>
    `${time.toISOString()} ${level
      .toUpperCase()
      .padStart(5)} 1 --- [${name}] [nio-8080-exec-${
      1 + (time.getTime() % 10)
    }] e.f.RequestLog : ${message}${Object.entries(fields ?? {})
      .map(([key, value]) => ` ${key}=${value}`)
      .join('')}`,
  crash: () => [
    "org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'priceRules': Cannot read price rules",
    '\tat org.springframework.beans.factory.support.AbstractAutowireCapableBeanFactory.doCreateBean(AbstractAutowireCapableBeanFactory.java:607)',
    '\tat org.springframework.boot.SpringApplication.run(SpringApplication.java:1361)',
    '\tat example.fernway.Application.main(Application.java:9)',
    'Caused by: java.lang.NullPointerException: Cannot invoke "String.length()" because "currency" is null',
    '\tat example.fernway.pricing.PriceRules.load(PriceRules.java:42)',
    '\t... 14 more',
  ],
};

/** The access log of a web server. */
const accessLog: LogFormat = {
  start: () => [
    { level: 'info', message: 'start worker processes' },
    { level: 'info', message: 'start worker process 29' },
  ],
  work(_program, random) {
    const path = ['/', '/index.html', '/static/main.js', '/static/main.css'][
      Math.floor(random() * 4)
    ];
    const status = random() < 0.9 ? 200 : 304;
    return {
      level: 'info',
      message: `10.244.${Math.floor(random() * 3)}.${
        2 + Math.floor(random() * 200)
      }`,
      fields: {
        request: `GET ${path} HTTP/1.1`,
        status,
        bytes: status === 200 ? Math.floor(random() * 80_000) : 0,
      },
    };
  },
  line: ({ message, fields }, time) =>
    fields
      ? `${message} - - [${formatAccessTime(time)}] "${fields.request}" ${
          fields.status
        } ${fields.bytes} "-" "Mozilla/5.0"`
      : `${time
          .toISOString()
          .slice(0, 19)
          .replace('T', ' ')
          .replaceAll('-', '/')} [notice] 1#1: ${message}`,
  crash: () => [
    'nginx: [emerg] unexpected "}" in /etc/nginx/conf.d/default.conf:27',
    'nginx: configuration file /etc/nginx/nginx.conf test failed',
  ],
};

/** A data job in Python: steps with counts. */
const pythonJob: LogFormat = {
  start: ({ name, version }) => [
    { level: 'info', message: `${name} ${version}` },
    { level: 'info', message: 'connected to the warehouse' },
  ],
  work: (_program, random) => ({
    level: 'info',
    message: `batch written: ${200 + Math.floor(random() * 800)} rows`,
  }),
  line: ({ level, message }, time, { name }) =>
    `${time
      .toISOString()
      .slice(0, 23)
      .replace('T', ' ')
      .replace('.', ',')} ${level.toUpperCase().padEnd(8)} ${name.replaceAll(
      '-',
      '_',
    )}: ${message}`,
  crash: () => [
    'Traceback (most recent call last):',
    '  File "/usr/local/lib/python3.12/runpy.py", line 198, in _run_module_as_main',
    '    return _run_code(code, main_globals, None, "__main__", mod_spec)',
    '  File "/app/app/__main__.py", line 61, in <module>',
    '    main()',
    '  File "/app/app/load.py", line 34, in load',
    "    rows = [row['currency'] for row in batch]",
    "KeyError: 'currency'",
  ],
};

function formatAccessTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(
    time.toUTCString(),
  )!;
  return `${day}/${month}/${year}:${clock} +0000`;
}

const SERVICES = [nodeJson, goJson, springText];

/** The form of a container's log: by what its name says it is, else the same for the same name. */
export function logFormatOf(name: string, isJob: boolean): LogFormat {
  if (isJob) {
    return pythonJob;
  }
  if (/-web$|^(nginx|httpd|caddy)/.test(name)) {
    return accessLog;
  }
  return SERVICES[parseInt(fakeDigest(name, 6), 16) % SERVICES.length];
}
