import { join } from 'node:path';
import { Disposable, type ExtensionContext, lm, Uri, window } from 'vscode';
import { surelyFits } from '../core/tokens/surelyFits.ts';
import { AddedPackages } from '../node/addedPackages.ts';
import { bundledModels } from '../node/bundledModels.ts';
import { ChatTemplates } from '../node/chatTemplates.ts';
import { countedTokens } from '../node/countedTokens.ts';
import { cudaPackages } from '../node/cudaPackages.ts';
import { Estimator } from '../node/estimate.ts';
import { LearnedCorrections } from '../node/learnedCorrections.ts';
import { Downloads } from '../node/downloads.ts';
import { LocalModels } from '../node/localModels.ts';
import { ownFolders } from '../node/localModelsFolders.ts';
import { LocalRuntime } from '../node/localRuntime.ts';
import { Prices } from '../node/prices.ts';
import { SqliteStore } from '../node/sqliteStore.ts';
import { SqliteUsage } from '../node/sqliteUsage.ts';
import { Tokenizer } from '../node/tokenizer.ts';
import { serviceOf } from '../providers/providers.ts';
import { Budget } from './budget.ts';
import { registerCommands } from './commands.ts';
import { registerCompareCommands } from './compareCommands.ts';
import { ConversationPanels } from './conversationPanels.ts';
import { followConversations } from './conversations/followConversations.ts';
import { registerConversations } from './conversations/registerConversations.ts';
import { registerConvertCommands } from './convertCommands.ts';
import { registerCudaCommands } from './cudaCommands.ts';
import { downloadEnvironment } from './downloadEnvironment.ts';
import { endpointOf, endpointSettingNames, readEndpointSettings } from './endpointSettings.ts';
import { callableModels, contextWindowOf } from './estimatedModels.ts';
import { PromptEstimates } from './estimates.ts';
import { ExactCounts } from './exactCounts.ts';
import { Fitter } from './fitter.ts';
import { Inspector } from './inspector.ts';
import { LaneActions } from './laneActions.ts';
import { registerMessageMenu } from './messageMenu.ts';
import { ModelList } from './language/modelList.ts';
import { registerLanguage } from './language/registerLanguage.ts';
import { EditorModels } from './languageModels/editorModels.ts';
import { OfferedModels, ownVendor } from './languageModels/offeredModels.ts';
import { LocalPlans } from './localPlans.ts';
import { registerLocalModelCommands } from './localModelCommands.ts';
import { registerModelCommands } from './modelCommands.ts';
import { ModelDrop } from './modelDrop.ts';
import { ModelsView } from './modelsView.ts';
import { Panels, panelViewType } from './panels.ts';
import { ProviderCatalog } from './providerCatalog.ts';
import { registerPromptCommands } from './promptCommands.ts';
import { PromptsView } from './promptsView.ts';
import { Renames } from './renames.ts';
import { runEstimate } from './runEstimates.ts';
import { tellOfHistory } from './recoverHistory.ts';
import { RunLens } from './runLens.ts';
import { huggingFaceId, Keys } from './secrets.ts';
import { ScoreText } from './scoreText.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';
import { SessionMemory } from './sessionMemory.ts';
import { Sessions } from './sessions.ts';
import { readSettings, watchPriceSetting, watchSettings } from './settings.ts';
import { Summaries } from './summaries.ts';
import { withSummaryProgress } from './summaryProgress.ts';
import { TokenCount } from './tokenCount.ts';
import { monthSpending, UsageView } from './usageView.ts';
import { VectorCache } from './vectorCache.ts';
import { PromptVersions } from './versions/promptVersions.ts';
import { registerVersions } from './versions/registerVersions.ts';
import { WarmStart } from './warmStart.ts';

/** Everything the extension is made of, in the order in which it is made. Read this file first. */
export function compose(context: ExtensionContext): Disposable {
  const made: Disposable[] = [];
  const own = <Made extends Disposable>(thing: Made): Made => {
    made.push(thing);
    return thing;
  };

  const log = own(window.createOutputChannel('LLM Playground', { log: true }));

  const modelFolder = join(context.globalStorageUri.fsPath, 'models');
  const localModels = new LocalModels({
    folders: () => [
      { path: modelFolder, owner: 'your downloads' },
      ...ownFolders(readSettings().localFolders),
    ],
    onLate: () => models.reload(localRuntime.id),
    log: (line) => log.info(line),
  });
  const cuda = cudaPackages();
  const cudaSupport =
    cuda &&
    new AddedPackages({
      folder: join(context.globalStorageUri.fsPath, 'backends'),
      packages: cuda,
      registry: () => readSettings().localRegistry,
      fetch: (...request) => globalThis.fetch(...request),
    });
  const addedBackends = (): { addedBackends?: string } => {
    const folder = cudaSupport?.folder;
    return folder === undefined ? {} : { addedBackends: folder };
  };
  const runtimeOptions = {
    entry: join(context.extensionPath, 'dist', 'runtime', 'main.mjs'),
    threads: readSettings().localThreads,
    // On the desktop the program that runs this is Electron, which is Node only when it is told to be.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    log: (line: string) => log.info(line),
  };
  const bundled = bundledModels(context.extensionPath);
  const localRuntime = new LocalRuntime({
    ...runtimeOptions,
    models: bundled,
    found: localModels,
    settings: () => {
      const { localThreads, localBackend, localUnloadAfterMs, localMemoryBytes } = readSettings();
      return {
        threads: localThreads,
        backend: localBackend,
        unloadAfterMs: localUnloadAfterMs,
        memoryBytes: localMemoryBytes,
        ...addedBackends(),
      };
    },
    onState: () => models.localStateChanged(),
  });
  own(new Disposable(() => void localRuntime.dispose()));

  const historyFile = join(context.globalStorageUri.fsPath, 'history.sqlite');
  const store: SqliteStore = new SqliteStore(historyFile, Date.now, {
    tell: (notice, damaged) => void tellOfHistory(notice, damaged, store),
  });
  own(new Disposable(() => store[Symbol.dispose]()));

  const keys = own(new Keys(context.secrets, process.env, keyVariablesOf));
  const catalog = own(
    new ProviderCatalog([localRuntime, new EditorModels(ownVendor)], keys, {
      // Looked up at each call: the editor puts its own in place, which knows its proxy and its certificates.
      fetch: (...request) => globalThis.fetch(...request),
      log: (line) => log.warn(line),
      limitsOf: (modelId) => prices.limitsOf(modelId),
    }),
  );

  const modelList = own(
    new ModelList({
      providers: () => catalog.providers,
      callable: () => catalog.callable(),
      priceOf: (modelId) => prices.priceOf(modelId, new Date()),
      log,
    }),
  );
  own(catalog.onDidChange(() => modelList.reset()));

  const prices: Prices = new Prices({
    own: () => readSettings().prices,
    serviceOf: (id) => catalog.entryOf(id)?.service,
    addressOf: (id) => catalog.entryOf(id)?.connection?.baseUrl,
  });
  own(watchPriceSetting());
  own(watchSettings(endpointSettingNames, () => readEndpointSettings().problems));

  const versions = own(new PromptVersions(store.versions, log));
  const memory = new SessionMemory(context.workspaceState);
  const surroundings: SessionSurroundings = {
    get providers() {
      return catalog.providers;
    },
    store,
    layouts: memory.layouts,
    attachments: memory.attachments,
    textOfFile: async (address) =>
      (await import('./attachments/attachedText.ts')).textIn(Uri.parse(address, true)),
    log,
    settings: readSettings,
    priceOf: (modelId) => prices.priceOf(modelId, new Date()),
    versions,
    holdToBudget: (runs) => budget.hold(runs),
    estimateOf: (run, signal) =>
      runEstimate(run, (...request) => estimates.ofRequest(...request), log, signal),
    usedIn: (conversationId) => usage.ofConversation(conversationId),
    countTokens: (modelId, texts, signal) => countedTokens(modelId, texts, tokenizers, signal),
    get fitter() {
      return fitter;
    },
    get summaries() {
      return summaries;
    },
  };
  const sessions = own(new Sessions(surroundings));

  const tokenizer = new Tokenizer();
  own(new Disposable(() => tokenizer[Symbol.dispose]()));
  const tokenizers = {
    tokenizer,
    localFileOf: (model: string) => localRuntime.fileOf(model),
    ollamaAt: (providerId: string) => catalog.ollamaAt(providerId),
  };
  own(
    new TokenCount({
      ...tokenizers,
      priceOf: surroundings.priceOf,
      settings: readSettings,
      log,
    }),
  );
  const modelChoice = { providers: () => catalog.providers, priceOf: surroundings.priceOf };
  const inspector = own(
    new Inspector({
      ...tokenizers,
      priceOf: surroundings.priceOf,
      extensionUri: context.extensionUri,
      models: modelChoice,
      memory: context.globalState,
      settings: readSettings,
      log,
    }),
  );

  const downloads = new Downloads({
    entry: join(context.extensionPath, 'dist', 'runtime', 'download.mjs'),
    folder: modelFolder,
    token: () => keys.get(huggingFaceId),
    env: downloadEnvironment(),
    onChange: () => models.downloadsChanged(),
    log: (line) => log.info(line),
  });
  own(new Disposable(() => void downloads.dispose()));

  const models = own(
    new ModelsView({
      catalog,
      keys,
      priceOf: surroundings.priceOf,
      defaultModel: () => readSettings().defaultModel,
      downloads,
      localRuntime,
      localPlans: new LocalPlans(localRuntime),
      fileBytesOf: (path) =>
        bundled.find((model) => model.path === path)?.bytes ?? localModels.at(path)?.bytes,
    }),
  );
  own(models.open(new ModelDrop()));
  own(registerModelCommands(catalog, models, keys));
  own(
    registerLocalModelCommands({
      models: localModels,
      view: models,
      downloads,
      keys,
      root: context.extensionPath,
      runtime: localRuntime,
      runtimeOptions: () => ({ ...runtimeOptions, ...addedBackends() }),
    }),
  );
  own(registerCudaCommands(cudaSupport, localRuntime));
  own(
    lm.registerLanguageModelChatProvider(
      ownVendor,
      new OfferedModels({
        providers: () => catalog.callable(),
        onDidChange: catalog.onDidChange,
        countTokens: async (modelId, text) => {
          const { signal } = new AbortController();
          const { counts } = await countedTokens(modelId, [text], tokenizers, signal);
          return counts[0] ?? 0;
        },
        log: (line) => log.info(line),
      }),
    ),
  );

  const usage = new SqliteUsage(historyFile);
  own(new Disposable(() => usage[Symbol.dispose]()));
  const templates = new ChatTemplates();
  own(new Disposable(() => templates[Symbol.dispose]()));
  const windowOf = contextWindowOf(modelList, prices);
  const exactCounts = new ExactCounts();
  const estimator: Estimator = new Estimator({
    ...tokenizers,
    templates,
    priceOf: surroundings.priceOf,
    contextWindowOf: windowOf,
    correctionOf: (modelId, signal) => corrections.of(modelId, signal),
    serviceCountOf: (modelId, request) => exactCounts.of(modelId, request),
  });
  const fitter = new Fitter({ estimator, vectors: new VectorCache(() => catalog.providers) });
  const summaries: Summaries = new Summaries({
    get providers() {
      return catalog.providers;
    },
    store,
    priceOf: surroundings.priceOf,
    holdToBudget: surroundings.holdToBudget,
    estimator,
    shown: withSummaryProgress,
  });
  const corrections = new LearnedCorrections({
    reportedRuns: (modelId, limit) => usage.reportedRuns(modelId, limit),
    runOf: (id) => store.get(id),
    count: (request, modelId, signal) => estimator.count(request, modelId, signal),
  });
  const otherModels = callableModels(catalog);
  const estimates = own(
    new PromptEstimates({ sessions, estimator, versions, settings: readSettings, otherModels, log }),
  );
  const budget = new Budget({
    spending: () => monthSpending(usage),
    estimates: (runs) => estimates.ofRuns(runs, new AbortController().signal),
    mayOverflow: async ({ input: { modelId, request } }) => {
      const window = request.settings.contextSize ?? (await windowOf(modelId));
      return window !== undefined && !surelyFits(request, window);
    },
    log,
  });
  const usageView = own(
    new UsageView({ usage, extensionUri: context.extensionUri, memory: context.globalState, log }),
  );
  own(sessions.onRunningChanged(() => usageView.refreshSoon()));

  const actions = own(new LaneActions(modelChoice, versions));
  const contexts = {
    estimator,
    fitter,
    versions,
    settings: readSettings,
    onModelsKnown: modelList.onDidChange,
    log,
  };
  const panels = own(
    new Panels({
      sessions,
      actions,
      fill: async () => new (await import('./fillActions.ts')).FillActions(store),
      extensionUri: context.extensionUri,
      contexts,
      log,
    }),
  );
  own(window.registerWebviewPanelSerializer(panelViewType, panels));
  own(
    registerVersions(versions, async (uri, each) => {
      const session = sessions.of(uri);
      panels.reveal(session);
      await session.show();
      await actions.runVersions(session, each);
      if (session.state.problem?.missing.length) panels.reveal(session, { focus: true });
    }),
  );
  own(versions.onDidChange((uri) => sessions.of(uri).nameVersions()));
  const prompts = own(new PromptsView(context.extensionUri, store));
  own(registerPromptCommands(prompts));
  own(
    sessions.onRunningChanged(() => {
      versions.rereadRuns();
      prompts.rereadRuns();
    }),
  );
  own(new Renames({ store: store.versions, memory, sessions, panels, versions, prompts, log }));
  own(registerMessageMenu(sessions, actions));
  own(new RunLens(sessions, versions, estimates));
  own(
    registerLanguage({
      models: modelList,
      lastValues: (uri) => sessions.lastValues(uri),
      log,
    }),
  );
  const conversations = new ConversationPanels(sessions, panels);
  own(registerConversations(store, surroundings.usedIn, conversations));
  own(followConversations({ conversations: store.conversations, sessions, panels: conversations, log }));
  own(registerConvertCommands({ keys, log, lastValues: (uri) => sessions.lastValues(uri) }));
  const { comparisons } = store;
  own(registerCompareCommands({ sessions, panels, store: comparisons, onChange: () => prompts.refresh() }));
  const scoreText = own(new ScoreText({ runtime: localRuntime, settings: readSettings, log }));
  own(new WarmStart({ runtime: localRuntime, settings: readSettings, log }));
  own(
    registerCommands({
      extensionUri: context.extensionUri,
      sessions,
      panels,
      conversations,
      actions,
      inspector,
      scoreText,
      models: modelChoice,
      estimates,
      counts: exactCounts,
      log,
    }),
  );

  return new Disposable(() => {
    for (const thing of made.reverse()) thing.dispose();
  });
}

function keyVariablesOf(id: string): readonly string[] {
  return id === huggingFaceId ? ['HF_TOKEN'] : serviceOf(endpointOf(id)).keyVariables;
}
