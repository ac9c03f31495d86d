/**
 * node-llama-cpp with a graphics backend for machines that have none. It calls itself Vulkan, computes on the processor,
 * and fails as `$FAILS` says: at `start`, at `load` (`load-other`: of all models but the endless one), at the first `decode`, by killing the process (`abort`), or so in the
 * middle of an answer (`later`). The processor fails at `memory`, `abort at load`, `hang at load` and `decode once`, in the first
 * model. Each start of the backend and each load adds a line to the file `$STARTS`.
 */
import { appendFileSync } from 'node:fs';
import {
  getLlama as getRealLlama,
  InsufficientMemoryError,
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
  const isCard = options.gpu === 'vulkan';
  if (isCard) appendFileSync(starts, 'vulkan\n');
  if (isCard && fails === 'start') throw new Error('the driver is broken');
  const llama = await getRealLlama({ ...options, gpu: false });
  if (isCard) {
    Object.defineProperties(llama, {
      supportsGpuOffloading: { value: true },
      getGpuDeviceNames: { value: () => Promise.resolve(['Test card']) },
    });
  }
  const load = llama.loadModel.bind(llama);
  let loads = 0;
  llama.loadModel = async (settings) => {
    loads++;
    appendFileSync(starts, `load ${loads}\n`);
    failToLoad(isCard, settings.modelPath);
    if (fails === 'hang at load') await new Promise(() => undefined);
    const model = await load(settings);
    const createContext = model.createContext.bind(model);
    const isFirst = loads === 1;
    model.createContext = async (contextOptions) => {
      const context = await createContext(contextOptions);
      const getSequence = context.getSequence.bind(context);
      context.getSequence = (...rest) => {
        const sequence = getSequence(...rest);
        return isCard || (fails === 'decode once' && isFirst) ? failing(sequence) : sequence;
      };
      return context;
    };
    return model;
  };
  return llama;
}

function failToLoad(isCard: boolean, path: string): void {
  if (fails === 'memory') throw new InsufficientMemoryError('no memory for the weights');
  if (fails === 'abort at load') process.abort();
  if (isCard && (fails === 'load' || (fails === 'load-other' && !path.includes('endless'))))
    throw new Error('the card has no such instruction');
}

function failing(sequence: LlamaContextSequence): LlamaContextSequence {
  const internals = sequence as unknown as { _decodeTokens: (...rest: unknown[]) => Promise<unknown> };
  const decode = internals._decodeTokens.bind(sequence);
  let tokens = 0;
  internals._decodeTokens = async (...rest) => {
    tokens++;
    if (fails === 'decode' || fails === 'decode once') throw new Error('the card was lost');
    if (fails === 'abort' || (fails === 'later' && tokens > 6)) process.abort();
    return decode(...rest);
  };
  return sequence;
}
