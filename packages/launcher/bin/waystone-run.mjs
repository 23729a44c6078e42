#!/usr/bin/env node
// Only syntax of old Node versions here, so that they can still print this line.
const major = Number(process.versions.node.split('.')[0]);
if (major < 18) {
  console.error(
    `Waystone needs Node 18 or newer to start (it fetches Node 24 by itself); this is Node ${process.versions.node}. Install a newer one from https://nodejs.org`,
  );
  process.exit(1);
}
import('../src/main.mjs').then(function started(launcher) {
  return launcher.main(process.argv.slice(2));
});
