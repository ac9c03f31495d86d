import { totalmem } from 'node:os';
import {
  ConfigurationTarget,
  ProgressLocation,
  type QuickPickItem,
  QuickPickItemKind,
  window,
  workspace,
} from 'vscode';
import { asLlmError } from '../core/errors.ts';
import { formatBytes } from '../core/format.ts';
import { modelSourceOf, nameOfSource } from '../core/modelSource.ts';
import { curatedModels, type ModelPlace, placeOf } from '../node/curatedModels.ts';
import { type Download, downloadIdOf, type Downloads } from '../node/downloads.ts';
import { huggingFaceId, type Keys } from './secrets.ts';

export interface DownloadSurroundings {
  readonly downloads: Downloads;
  readonly keys: Keys;
  /** The folder that holds `media/`. */
  readonly root: string;
  /** How much graphics memory there is, in bytes; 0 without a card, and where it is not known in time. */
  readonly graphicsBytes: () => Promise<number>;
  /** A model is on the disk that was not there before. */
  readonly onDone: () => void;
}

/** The commands about downloads. Each shows what happens and throws nothing. */
export class DownloadCommands {
  readonly #surroundings: DownloadSurroundings;

  constructor(surroundings: DownloadSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Asks what to download, and downloads it. */
  async choose(): Promise<void> {
    const picked = await window.showQuickPick(itemsFor(this.#surroundings), {
      title: 'Download a Model',
      placeHolder: 'Models that answer on this machine, without a key and without a network',
      matchOnDetail: true,
    });
    const source = picked?.source ?? (picked && (await askForSource()));
    if (source === undefined) return;
    await this.#show(downloadIdOf(source), nameIn(source), () => this.#surroundings.downloads.start(source));
  }

  async resume({ id, name }: Download): Promise<void> {
    await this.#show(id, name, () => this.#surroundings.downloads.resume(id));
  }

  async pause({ id }: Download): Promise<void> {
    await this.#surroundings.downloads.pause(id);
  }

  /** Deletes what has come, after asking. */
  async remove({ id, name, doneBytes }: Download): Promise<void> {
    const remove = 'Delete';
    const question = `Delete what has come of ${name} (${formatBytes(doneBytes)})?`;
    if ((await window.showWarningMessage(question, { modal: true }, remove)) !== remove) return;
    await this.#surroundings.downloads.remove(id);
  }

  /** Asks for the token that gated and private models want, and stores it; an empty one takes it away. */
  async setToken(): Promise<boolean> {
    const { keys } = this.#surroundings;
    const token = await window.showInputBox({
      title: 'Token for Hugging Face',
      prompt:
        'It is made on huggingface.co/settings/tokens, kept in the secret storage of VS Code and sent for models that ask for it only. Leave it empty to clear it.',
      placeHolder: 'hf_…',
      password: true,
      ignoreFocusOut: true,
    });
    if (token === undefined) return false;
    if (token.trim() === '') await keys.clear(huggingFaceId);
    else await keys.set(huggingFaceId, token);
    return token.trim() !== '';
  }

  /** @param run starts the download or goes on with it; called again after the user has set a token. */
  async #show(id: string, name: string, run: () => Promise<string>): Promise<void> {
    const { downloads, onDone } = this.#surroundings;
    try {
      const path = await window.withProgress(
        { location: ProgressLocation.Notification, title: `Downloading ${name}`, cancellable: true },
        async (progress, token) => {
          const done = run();
          let percent = 0;
          const timer = setInterval(() => void report(), reportMs);
          const report = async (): Promise<void> => {
            const download = await downloads.get(id);
            if (!download) return;
            const now = percentOf(download) ?? 0;
            progress.report({ message: progressOf(download), increment: Math.max(0, now - percent) });
            percent = Math.max(percent, now);
          };
          token.onCancellationRequested(() => void downloads.pause(id));
          return done.finally(() => clearInterval(timer));
        },
      );
      onDone();
      await offerAsDefault(name, path);
    } catch (thrown) {
      const error = asLlmError(thrown);
      if (error.kind === 'cancelled') return;
      if (error.kind === 'auth') {
        const set = 'Set Token';
        if ((await window.showErrorMessage(error.message, set)) === set && (await this.setToken()))
          await this.#show(id, name, run);
        return;
      }
      const again = 'Resume';
      const actions = error.retryable ? [again] : [];
      if ((await window.showErrorMessage(error.message, ...actions)) === again)
        await this.#show(id, name, run);
    }
  }
}

/** `43 % of 4.92 GB, 12 MB/s, 3 min left`, as far as it is known. */
export function progressOf(download: Download): string {
  const { state, doneBytes, totalBytes, bytesPerSecond } = download;
  if (state === 'checking') return `checking ${formatBytes(totalBytes ?? doneBytes)}`;
  const percent = percentOf(download);
  const parts = [
    percent === undefined || totalBytes === undefined
      ? formatBytes(doneBytes)
      : `${Math.floor(percent)} % of ${formatBytes(totalBytes)}`,
  ];
  if (state === 'downloading' && bytesPerSecond !== undefined) {
    parts.push(`${formatBytes(bytesPerSecond)}/s`);
    if (totalBytes !== undefined && bytesPerSecond > 0)
      parts.push(timeLeft((totalBytes - doneBytes) / bytesPerSecond));
  }
  return parts.join(', ');
}

function percentOf({ doneBytes, totalBytes }: Download): number | undefined {
  return totalBytes === undefined ? undefined : Math.min(100, (doneBytes / totalBytes) * 100);
}

function timeLeft(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s left`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min left`;
  return `${(seconds / 3600).toFixed(1)} h left`;
}

interface SourceItem extends QuickPickItem {
  /** Absent for the line that asks for one. */
  readonly source?: string;
}

async function itemsFor({ root, graphicsBytes }: DownloadSurroundings): Promise<SourceItem[]> {
  const [models, graphics] = await Promise.all([curatedModels(root), graphicsBytes()]);
  const machine = { memory: totalmem() / 1e9, graphics: graphics / 1e9 };
  const items = models.map((model): SourceItem & { place: ModelPlace } => ({
    label: model.name,
    description: `${model.gigabytes} GB, needs about ${model.memoryGigabytes} GB of memory`,
    detail: `For ${model.goodFor}. ${model.source}`,
    source: model.source,
    place: placeOf(model, machine),
  }));
  const group = (label: string, place: ModelPlace): SourceItem[] => {
    const inside = items.filter((item) => item.place === place);
    return inside.length > 0 ? [{ label, kind: QuickPickItemKind.Separator }, ...inside] : [];
  };
  return [
    { label: '$(edit) Enter a Hugging Face name or URL…', alwaysShow: true },
    ...group(`Wholly on the graphics card with ${Math.round(machine.graphics)} GB`, 'card'),
    ...group(`For this machine with ${Math.round(machine.memory)} GB of memory`, 'memory'),
    ...group('For more memory', 'nowhere'),
  ];
}

async function askForSource(): Promise<string | undefined> {
  const source = await window.showInputBox({
    title: 'Download a Model',
    prompt: 'The name of a repository on Hugging Face with GGUF files, or the address of a .gguf file.',
    placeHolder: 'hf:user/repository:Q4_K_M',
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || modelSourceOf(text)
        ? ''
        : 'Write hf:user/repository, hf:user/repository:Q4_K_M, or a web address that ends in .gguf.',
  });
  return source?.trim() || undefined;
}

function nameIn(source: string): string {
  const parsed = modelSourceOf(source);
  return parsed ? nameOfSource(parsed) : source;
}

async function offerAsDefault(name: string, path: string): Promise<void> {
  const use = 'Use as Default Model';
  if ((await window.showInformationMessage(`${name} is here and can be run.`, use)) !== use) return;
  await workspace
    .getConfiguration('llmPlayground')
    .update('defaultModel', `local/${path}`, ConfigurationTarget.Global);
}

const reportMs = 500;
