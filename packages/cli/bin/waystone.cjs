#!/usr/bin/env node
const fs = require('node:fs');
const path = require('node:path');

// In the repository the sources run as they are
const fromSources = fs.existsSync(path.resolve(__dirname, '../src'));
if (fromSources) require('@backstage/cli/config/nodeTransform.cjs');

require(fromSources ? '../src' : '../dist/index.cjs.js');
