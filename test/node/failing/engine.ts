/**
 * node-llama-cpp with a graphics backend for machines that have none. It calls itself Vulkan, computes on the processor,
 * and fails as `$FAILS` says: at `start`, at `load` (`load-other`: of all models but the endless one), at the first `decode`, by killing the process (`abort`), or so in the
 * middle of an answer (`later`). Each start of it adds a line to the file `$STARTS`.
 */
import { appendFileSync } from 'node:fs';
import {
  getLlama as getRealLlama,
  type Llama,
  type LlamaContextSequence,
  type LlamaOptions,
} from 'node-llama-cpp';

export * from 'node-llama-cpp';

const { FAILS: fails, STARTS: starts = '' } = process.env;

export function getLlamaGpuTypes(): Promise<readonly ('vulkan' | false)[]> {
  return Promise.resolve(['vulkan', false]);
}

export async function getLlama(options: LlamaOptions): Promise<Llama> {
  if (options.gpu !== 'vulkan') return getRealLlama(options);
  appendFileSync(starts, 'vulkan\n');
  if (fails === 'start') throw new Error('the driver is broken');
  const llama = await getRealLlama({ ...options, gpu: false });
  Object.defineProperties(llama, {
    supportsGpuOffloading: { value: true },
    getGpuDeviceNames: { value: () => Promise.resolve(['Test card']) },
  });
  const load = llama.loadModel.bind(llama);
  llama.loadModel = async (settings) => {
    if (fails === 'load' || (fails === 'load-other' && !settings.modelPath.includes('endless')))
      throw new Error('the card has no such instruction');
    const model = await load(settings);
    const createContext = model.createContext.bind(model);
    model.createContext = async (contextOptions) => {
      const context = await createContext(contextOptions);
      const getSequence = context.getSequence.bind(context);
      context.getSequence = (...rest) => failing(getSequence(...rest));
      return context;
    };
    return model;
  };
  return llama;
}

function failing(sequence: LlamaContextSequence): LlamaContextSequence {
  const internals = sequence as unknown as { _decodeTokens: (...rest: unknown[]) => Promise<unknown> };
  const decode = internals._decodeTokens.bind(sequence);
  let tokens = 0;
  internals._decodeTokens = async (...rest) => {
    tokens++;
    if (fails === 'decode') throw new Error('the card was lost');
    if (fails === 'abort' || (fails === 'later' && tokens > 6)) process.abort();
    return decode(...rest);
  };
  return sequence;
}
