import { parseArgs } from 'node:util';
import { defaultModelId } from '../node/bundledModels.ts';
import type { Command } from './command.ts';
import { located, openWithValues } from './promptFile.ts';
import { valueOptions, valueUsage } from './values.ts';

/** Prints the messages that a run would send, as JSON, and sends nothing. */
export const render: Command = {
  usage: `render FILE.prompt ${valueUsage}`,
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: valueOptions });
    const { file, opened, values: given } = await openWithValues(positionals[0], values);
    const modelId = opened.frontMatter.model ?? defaultModelId;
    const { input, warnings } = await located(file, opened.prepare(given, modelId));
    for (const { subject, message } of warnings) console.error(`Warning (${subject}): ${message}`);
    console.log(JSON.stringify(input.request.messages, null, 2));
    return 0;
  },
};
