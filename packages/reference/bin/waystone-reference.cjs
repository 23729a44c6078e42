#!/usr/bin/env node
require('@backstage/cli/config/nodeTransform.cjs');

require('../src/main');
