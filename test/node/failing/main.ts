/** The runtime's process on an engine with a graphics backend that fails; see `engine.ts` beside this. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'node-llama-cpp' && context.parentURL?.includes('/src/runtime/'))
      return { url: new URL('engine.ts', import.meta.url).href, shortCircuit: true };
    return next(specifier, context);
  },
});
await import('../../../src/runtime/main.ts');
