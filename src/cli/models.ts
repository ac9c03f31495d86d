import { parseArgs } from 'node:util';
import { messageOf } from '../core/errors.ts';
import { formatCount } from '../core/format.ts';
import type { ModelInfo, Provider } from '../core/provider.ts';
import type { Command } from './command.ts';
import { isSetUp, providerOptions, providerUsage, withProviders } from './providers.ts';

/** Lists what `--model` can name, of every provider that can be called. */
export const models: Command = {
  usage: `models [PROVIDER] ${providerUsage}`,
  async run(args) {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: providerOptions });
    const [only] = positionals;
    return withProviders(values, async (providers) => {
      const asked = providers.filter(({ id }) => (only === undefined ? isSetUp(id) : id === only));
      const lists = await Promise.all(asked.map((provider) => listOf(provider, only !== undefined)));
      for (const lines of lists) for (const line of lines) console.log(line);
      return 0;
    });
  },
};

/** A server on this machine that does not run is no news, unless it was asked for. */
async function listOf(provider: Provider, isAsked: boolean): Promise<string[]> {
  try {
    const models = await provider.models(AbortSignal.timeout(isAsked ? 30_000 : 10_000));
    return models.map((model) => lineOf(provider, model));
  } catch (error) {
    if (isAsked) throw error;
    if (process.env['DEBUG']) console.error(messageOf(error));
    return [];
  }
}

function lineOf(provider: Provider, { id, name, description, contextWindow }: ModelInfo): string {
  const what = [name, contextWindow === undefined ? '' : `${formatCount(contextWindow)} context`]
    .filter(Boolean)
    .join(', ');
  return `${provider.id}/${id}\t${what}${description === undefined ? '' : `: ${description}`}`;
}
