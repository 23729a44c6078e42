import { appCompile } from './app/appCompile';
import { appExplain } from './app/appExplain';
import { appValidate } from './app/appValidate';
import type { Command } from './Command';
import { docsBuild } from './docs/docsBuild';
import { docsCheck } from './docs/docsCheck';
import { docsServe } from './docs/docsServe';
import { templateLint } from './template/templateLint';

/** All commands, in the order of the overview. */
export const commands: readonly Command[] = [
  appValidate,
  appCompile,
  appExplain,
  docsCheck,
  docsServe,
  docsBuild,
  templateLint,
];
