import { join } from 'node:path';
import { Disposable, type ExtensionContext, window } from 'vscode';
import { freePrice } from '../core/pricing.ts';
import { bundledModels } from '../node/bundledModels.ts';
import { LocalRuntime } from '../node/localRuntime.ts';
import { SqliteStore } from '../node/sqliteStore.ts';
import { Tokenizer } from '../node/tokenizer.ts';
import { registerCommands } from './commands.ts';
import { Panels } from './panels.ts';
import { RunLens } from './runLens.ts';
import type { SessionSurroundings } from './session.ts';
import { Sessions } from './sessions.ts';
import { readSettings } from './settings.ts';
import { TokenCount } from './tokenCount.ts';

/** Everything the extension is made of, in the order in which it is made. Read this file first. */
export function compose(context: ExtensionContext): Disposable {
  const made: Disposable[] = [];
  const own = <Made extends Disposable>(thing: Made): Made => {
    made.push(thing);
    return thing;
  };

  const log = own(window.createOutputChannel('LLM Playground', { log: true }));

  const localRuntime = new LocalRuntime({
    entry: join(context.extensionPath, 'dist', 'runtime', 'main.mjs'),
    models: bundledModels(context.extensionPath),
    threads: readSettings().localThreads,
    // On the desktop the program that runs this is Electron, which is Node only when it is told to be.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    log: (line) => log.info(line),
  });
  own(new Disposable(() => void localRuntime.dispose()));

  const store = new SqliteStore(join(context.globalStorageUri.fsPath, 'history.sqlite'), Date.now);
  own(new Disposable(() => store[Symbol.dispose]()));

  const surroundings: SessionSurroundings = {
    providers: [localRuntime],
    store,
    log,
    settings: readSettings,
    priceOf: (modelId) => (modelId.startsWith(`${localRuntime.id}/`) ? freePrice : undefined),
  };
  const sessions = own(new Sessions(surroundings));

  const tokenizer = new Tokenizer();
  own(new Disposable(() => tokenizer[Symbol.dispose]()));
  own(
    new TokenCount({
      tokenizer,
      localFileOf: (model) => localRuntime.fileOf(model),
      settings: readSettings,
      log,
    }),
  );

  const panels = own(new Panels(sessions, context.extensionUri, log));
  own(new RunLens(sessions));
  own(registerCommands({ extensionUri: context.extensionUri, sessions, panels, log }));

  return new Disposable(() => {
    for (const thing of made.reverse()) thing.dispose();
  });
}
