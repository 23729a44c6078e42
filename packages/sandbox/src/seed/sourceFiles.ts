import type { SeedService } from './readServices';

/** A repository of the organisation, as its files name it. */
const EXAMPLE_ADDRESS =
  /https:\/\/git\.fernway\.example\/[a-z-]+\/([a-z-]+)(?![a-z-])/g;

const WORKFLOW = `name: ci
on:
  push:
    branches: [main]
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Lint
        run: make lint
      - name: Test
        run: make test
      - name: Image
        run: make image
`;

/**
 * The files of a component's repository beside its manifests: enough to be read, cloned, documented and built on.
 *
 * @param address - of the repository, for people: what leads to the organisation's Git server leads there
 */
export function sourceFiles(
  service: SeedService,
  address: string,
): Record<string, string> {
  const own = Object.entries(service.files).map(([path, text]) => [
    path,
    text
      .replaceAll(EXAMPLE_ADDRESS, (found: string, name: string) =>
        name === service.name ? address : found,
      )
      // As Gitea calls the page where a file is changed
      .replace(/^edit_uri: edit\//m, 'edit_uri: _edit/'),
  ]);
  const deploys = service.runs
    ? ' Manifests are in `deploy/<environment>/`; Argo CD syncs them.'
    : '';
  return {
    'README.md': `# ${service.name}\n\n${service.title}\n\nOwned by ${service.owner}, part of ${service.system}.${deploys}\n`,
    'CHANGELOG.md': '# Changes\n',
    '.gitea/workflows/ci.yaml': WORKFLOW,
    ...languageFiles(service),
    ...Object.fromEntries(own),
  };
}

function languageFiles(service: SeedService): Record<string, string> {
  if (service.tags.includes('java')) {
    return {
      'src/main/java/example/fernway/Application.java': `package example.fernway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class Application {
  public static void main(String[] arguments) {
    SpringApplication.run(Application.class, arguments);
  }
}
`,
    };
  }
  if (service.tags.includes('go')) {
    return {
      'go.mod': `module fernway.example/${service.name}\n\ngo 1.24\n`,
      'main.go': `package main

import "net/http"

func main() {
	http.HandleFunc("/health/ready", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	})
	if err := http.ListenAndServe(":8080", nil); err != nil {
		panic(err)
	}
}
`,
    };
  }
  if (service.tags.includes('python')) {
    return {
      'pyproject.toml': `[project]\nname = "${service.name}"\nversion = "0"\nrequires-python = ">=3.12"\n`,
      'app/__main__.py': `from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204 if self.path == "/health/ready" else 404)
        self.end_headers()


HTTPServer(("", 8080), Handler).serve_forever()
`,
    };
  }
  return {
    'package.json': `${JSON.stringify(
      { name: service.name, private: true, type: 'module' },
      null,
      2,
    )}\n`,
    'src/server.js': `import { createServer } from 'node:http';

createServer((request, response) => {
  response.writeHead(request.url === '/health/ready' ? 204 : 404).end();
}).listen(8080);
`,
  };
}
