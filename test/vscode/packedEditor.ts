/** The packed extension in a real VS Code in a real browser, for the tests of one file. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { ownVsix } from '../../.ci/package.ts';
import { root } from '../../.ci/setup.mjs';
import { openWorkbench, type Workbench } from './browser.ts';
import { startCodeServer, type CodeServer, type CodeServerOptions } from './codeServer.ts';

/** Filled in before the first test of the file runs. */
export interface PackedEditor {
  server: CodeServer;
  workbench: Workbench;
  /** The folder that is open: a copy of prompts/, so that tests may write. */
  folder: string;
}

export interface PackedEditorOptions extends CodeServerOptions {
  /** Writes further files into the folder before it is opened: what is made later, Go to File does not find. */
  readonly prepare?: (folder: string) => Promise<void>;
}

/**
 * Call it once at the top of a test file: the tests share one server and one window, which are ready before the first
 * and gone after the last. A test that fails leaves `test-results/<its name>.png`.
 */
export function packedEditor({ prepare, ...options }: PackedEditorOptions = {}): PackedEditor {
  const editor = {} as PackedEditor;
  const cleanUp = new AsyncDisposableStack();

  before(async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'e2e-'));
    cleanUp.defer(() => rm(temporary, { recursive: true, force: true }));
    editor.folder = join(temporary, 'prompts');
    await cp(join(root, 'prompts'), editor.folder, { recursive: true });
    await prepare?.(editor.folder);
    editor.server = cleanUp.use(
      await startCodeServer({
        ...options,
        // More threads than idle cores make the engine many times slower, and the browser takes one.
        settings: { 'llmPlayground.local.threads': 1, ...options.settings },
        extensions: [ownVsix()],
      }),
    );
    editor.workbench = cleanUp.use(await openWorkbench(editor.server.address(editor.folder)));
  });

  afterEach(async (test) => {
    // There is no window when it could not be opened.
    const { workbench } = editor as Partial<PackedEditor>;
    if ('passed' in test && !test.passed) await workbench?.screenshot(test.fullName);
  });

  after(() => cleanUp.disposeAsync());

  return editor;
}
