// PLACEHOLDER of the lead until the adapter is here: overwrite this file.
import type { Provider } from '../../core/provider.ts';
import type { Connection } from '../connection.ts';

export declare class Ollama implements Provider {
  constructor(connection: Connection);
  readonly id: string;
  readonly name: string;
  models: Provider['models'];
  stream: Provider['stream'];
  pull(
    name: string,
    signal: AbortSignal,
  ): AsyncIterable<{ status: string; completedBytes?: number; totalBytes?: number }>;
  unload(name: string, signal: AbortSignal): Promise<void>;
  remove(name: string, signal: AbortSignal): Promise<void>;
}
