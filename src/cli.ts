/** The same core without an editor. Each command is a file of `cli/`. */
import { messageOf } from './core/errors.ts';
import { type Command, UsageError } from './cli/command.ts';
import { compare } from './cli/compare.ts';
import { convert } from './cli/convert.ts';
import { count } from './cli/count.ts';
import { history } from './cli/history.ts';
import { lint } from './cli/lint.ts';
import { models } from './cli/models.ts';
import { render } from './cli/render.ts';
import { run } from './cli/run.ts';
import { usage as usageCommand } from './cli/usage.ts';
import { versions } from './cli/versions.ts';

const commands: ReadonlyMap<string, Command> = new Map([
  ['run', run],
  ['compare', compare],
  ['render', render],
  ['lint', lint],
  ['convert', convert],
  ['count', count],
  ['versions', versions],
  ['models', models],
  ['history', history],
  ['usage', usageCommand],
]);

const usage = `Usage:
${[...commands.values()].map((command) => command.usage.replaceAll(/^/gm, '  ')).join('\n')}

What was asked for goes to standard output; everything about it goes to standard error.
Exit codes: 0 finished, 1 failed, 2 wrong usage, 130 stopped.`;

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || ['--help', '-h', 'help'].includes(name) || args.includes('--help')) {
    console.log(usage);
    return name === undefined ? 2 : 0;
  }
  try {
    const command = commands.get(name);
    if (!command) throw new UsageError(`There is no command "${name}".`);
    return await command.run(args);
  } catch (error) {
    console.error(messageOf(error));
    const wrongUsage =
      error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
    if (wrongUsage) console.error(`\n${usage}`);
    return wrongUsage ? 2 : 1;
  }
}
