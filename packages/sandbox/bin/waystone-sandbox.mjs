#!/usr/bin/env node
/* Tells a sandbox that runs what should happen to it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

// Whoever reads only the beginning is not an error.
process.stdout.on('error', error => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

const USAGE = `Usage: waystone-sandbox <command>

  status                    stories and faults
  story <name>              lets a story happen
  undo <name>               undoes it
  fault <system> <JSON>     lets a system fail, for example: fault argocd '{"status":503}'
  clear <system>            ends its fault
  kubeconfig                prints the path of a file for kubectl --kubeconfig

Faults: latencyMs, rate (0 to 1), status, retryAfterSeconds, resetAfterBytes, malformed, down, watchGone.
`;

const [command = 'help', ...values] = process.argv.slice(2);
const commands = {
  help: () => process.stdout.write(USAGE),
  status: async () => {
    const { stories, faults, systems } = await call('GET', '/state');
    for (const { name, title, activeSince } of stories) {
      print(
        `${activeSince ? '●' : '○'} ${name.padEnd(20)} ${title}${
          activeSince ? `, since ${activeSince}` : ''
        }`,
      );
    }
    print(`Systems: ${systems.map(system => system.name).join(', ')}`);
    for (const [system, fault] of Object.entries(faults)) {
      print(`Fault of ${system}: ${JSON.stringify(fault)}`);
    }
  },
  story: async name => {
    const { stories } = await call('POST', `/stories/${segment(name)}/start`);
    const story = stories.find(each => each.name === name);
    print(`${story.title}. Where to look: ${story.look}`);
    print(`Undo it with: undo ${name}`);
  },
  undo: async name => {
    await call('POST', `/stories/${segment(name)}/undo`);
    print(`Undone: ${name}`);
  },
  fault: async (system, json) => {
    let fault;
    try {
      fault = JSON.parse(json ?? '');
    } catch {
      fail(
        `'${json ?? ''}' is not JSON. Try: fault ${system} '{"status":503}'`,
      );
    }
    await call('PUT', `/faults/${segment(system)}`, fault);
    print(`${system}: ${JSON.stringify(fault)}`);
  },
  clear: async system => {
    await call('DELETE', `/faults/${segment(system)}`);
    print(`${system}: no fault`);
  },
  kubeconfig: () => {
    const { kubeconfig } = readRun();
    print(kubeconfig ?? fail('This sandbox was started without kubectl.'));
  },
};

if (!Object.hasOwn(commands, command)) {
  fail(`There is no command '${command}'.\n\n${USAGE}`);
}
await commands[command](...values);

function print(line) {
  process.stdout.write(`${line}\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function segment(value) {
  if (!value) {
    fail(USAGE);
  }
  return encodeURIComponent(value);
}

function readRun() {
  const folder = process.env.WAYSTONE_SANDBOX_STATE;
  if (!folder) {
    fail('WAYSTONE_SANDBOX_STATE is not set; it names the sandbox’s folder.');
  }
  try {
    return JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8'));
  } catch {
    return fail('No sandbox runs. Start the portal with npm start first.');
  }
}

async function call(method, where, body) {
  const { url, token } = readRun();
  let response;
  try {
    response = await fetch(`${url}/control${where}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    fail(`The sandbox does not answer at ${url}. Does the portal run?`);
  }
  const answer = await response.json();
  if (!response.ok) {
    fail(answer.error.message);
  }
  return answer;
}
