import { homedir } from 'node:os';
import { basename } from 'node:path';
import { ConfigurationTarget, Disposable, ProgressLocation, Uri, window, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { AccelerationOptions } from '../node/acceleration.ts';
import { demoId } from '../node/bundledModels.ts';
import type { Download } from '../node/downloads.ts';
import type { LocalModels } from '../node/localModels.ts';
import type { LocalRuntime } from '../node/localRuntime.ts';
import type { DownloadCommands, DownloadSurroundings } from './downloadCommands.ts';
import { lazily } from './lazily.ts';
import type { ModelsRow } from './modelsRow.ts';
import type { ModelsView } from './modelsView.ts';
import { registerHandlers } from './registerHandlers.ts';
import { ReportPages } from './reportPages.ts';
import { tellRowIsGone } from './rowIsGone.ts';
import { readSettings } from './settings.ts';

/** The commands about models on this machine and the runtime that loads them. */
export type LocalModelCommandId =
  | 'llmPlayground.addLocalModel'
  | 'llmPlayground.downloadModel'
  | 'llmPlayground.pauseDownload'
  | 'llmPlayground.resumeDownload'
  | 'llmPlayground.removeDownload'
  | 'llmPlayground.setHuggingFaceToken'
  | 'llmPlayground.unloadLocalModel'
  | 'llmPlayground.checkAcceleration';

export interface LocalModelSurroundings extends Omit<DownloadSurroundings, 'onDone' | 'graphicsBytes'> {
  readonly models: LocalModels;
  readonly view: ModelsView;
  readonly runtime: LocalRuntime;
  /** How processes of the runtime are started now. */
  readonly runtimeOptions: () => Omit<AccelerationOptions, 'path'>;
}

/** Registers them. They take the row of the Models view that they were called on, or ask. */
export function registerLocalModelCommands({
  models,
  view,
  runtime,
  runtimeOptions,
  ...surroundings
}: LocalModelSurroundings): Disposable {
  const reload = (): void => view.reload(runtime.id);
  const downloads = lazily(async () => {
    const { DownloadCommands } = await import('./downloadCommands.ts');
    return new DownloadCommands({
      ...surroundings,
      graphicsBytes: async () => (await runtime.stateNow(AbortSignal.timeout(stateMs)))?.vram?.total ?? 0,
      onDone: reload,
    });
  });
  const pages = new ReportPages();
  const withDownload =
    (action: (commands: DownloadCommands, download: Download) => Promise<void>) =>
    async (row?: ModelsRow): Promise<void> => {
      if (row?.type === 'download') await action(await downloads(), row.download);
      else tellRowIsGone();
    };
  const handlers: Record<LocalModelCommandId, (row?: ModelsRow) => unknown> = {
    'llmPlayground.addLocalModel': (files) =>
      addLocalModels(models, reload, isFiles(files) ? files : undefined),
    'llmPlayground.downloadModel': async () => (await downloads()).choose(),
    'llmPlayground.pauseDownload': withDownload((commands, download) => commands.pause(download)),
    'llmPlayground.resumeDownload': withDownload((commands, download) => commands.resume(download)),
    'llmPlayground.removeDownload': withDownload((commands, download) => commands.remove(download)),
    'llmPlayground.setHuggingFaceToken': async () => (await downloads()).setToken(),
    'llmPlayground.unloadLocalModel': (row) => unload(runtime, row),
    'llmPlayground.checkAcceleration': async (row) => {
      const measured = row?.type === 'model' ? row.info : { id: demoId, name: 'the demo model' };
      const options = {
        ...runtimeOptions(),
        threads: readSettings().localThreads,
        path: runtime.fileOf(measured.id),
      };
      const { checkAcceleration } = await import('./acceleration.ts');
      return checkAcceleration(options, measured.name, pages);
    },
  };
  return Disposable.from(
    pages,
    registerHandlers(handlers),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('llmPlayground.local.folders')) reload();
    }),
  );
}

/** Takes a local model out of memory; it stays on the disk. */
async function unload(runtime: LocalRuntime, row: ModelsRow | undefined): Promise<void> {
  if (row?.type !== 'model') {
    tellRowIsGone();
    return;
  }
  try {
    await runtime.unload(row.info.id);
  } catch (error) {
    void window.showErrorMessage(messageOf(error));
  }
}

/** Checks GGUF files and remembers them in the settings; asks for them where none are given. */
async function addLocalModels(
  models: LocalModels,
  reload: () => void,
  files: readonly Uri[] | undefined,
): Promise<void> {
  const chosen =
    files ??
    (await window.showOpenDialog({
      title: 'Add a Local Model',
      openLabel: 'Add',
      canSelectMany: true,
      filters: { 'GGUF models': ['gguf'] },
      defaultUri: Uri.file(homedir()),
    })) ??
    [];
  // A later part of a model that was split is no model; its first part is.
  const paths = new Set(chosen.map(({ fsPath }) => fsPath.replace(/-\d{5}(-of-\d{5}\.gguf)$/i, '-00001$1')));
  for (const path of paths) {
    try {
      const { unfit } = await window.withProgress(
        { location: ProgressLocation.Notification, title: `Reading ${basename(path)}…` },
        () => models.check(path, AbortSignal.timeout(checkTimeoutMs)),
      );
      if (unfit !== undefined) throw new Error(`"${path}" ${unfit}. Choose an instruct or chat model.`);
      await remember(path);
      reload();
      // One answer is not waited for before the next file is read.
      void offerAsDefault(path);
    } catch (error) {
      void window.showErrorMessage(messageOf(error));
    }
  }
}

/** Commands are called with anything; a drop calls this one with files. */
function isFiles(argument: unknown): argument is readonly Uri[] {
  return Array.isArray(argument) && argument.every((one) => one instanceof Uri);
}

async function remember(path: string): Promise<void> {
  const { localFolders } = readSettings();
  if (localFolders.includes(path)) return;
  await workspace
    .getConfiguration('llmPlayground')
    .update('local.folders', [...localFolders, path], ConfigurationTarget.Global);
}

async function offerAsDefault(path: string): Promise<void> {
  const use = 'Use as Default Model';
  const message = `${basename(path)} is in the Models view now. A prompt names it with "model: local/${path}".`;
  if ((await window.showInformationMessage(message, use)) !== use) return;
  await workspace
    .getConfiguration('llmPlayground')
    .update('defaultModel', `local/${path}`, ConfigurationTarget.Global);
}

/** How long the list of models waits for what is known about the graphics card. */
const stateMs = 3_000;

/** A file on a slow network drive; the vocabulary takes 0.1 s at most. */
const checkTimeoutMs = 30_000;
