import { commands, type DataTransfer, type TreeDragAndDropController, Uri, window } from 'vscode';
import type { ModelsRow } from './modelsRow.ts';

/** Takes GGUF files that are dropped onto the Models view, from the explorer, the desktop or another window. */
export class ModelDrop implements TreeDragAndDropController<ModelsRow> {
  readonly dropMimeTypes = [uriList];
  readonly dragMimeTypes: readonly string[] = [];

  /** @param target where they were dropped; that makes no difference. */
  async handleDrop(target: ModelsRow | undefined, dropped: DataTransfer): Promise<void> {
    const text = (await dropped.get(uriList)?.asString()) ?? '';
    const files = text
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => Uri.parse(line))
      .filter(({ scheme, path }) => scheme === 'file' && /\.gguf$/i.test(path));
    if (files.length > 0) await commands.executeCommand('llmPlayground.addLocalModel', files);
    else void window.showInformationMessage('Drop .gguf files of this machine here to run them.');
  }
}

/** RFC 2483: an address a line, comments after `#`. */
const uriList = 'text/uri-list';
