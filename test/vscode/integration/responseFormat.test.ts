import assert from 'node:assert/strict';
import { commands, languages, Range, window, WorkspaceEdit, workspace } from 'vscode';
import { SchemaActions } from '../../../src/host/schemaActions.ts';
import { SchemaDocuments } from '../../../src/host/schemaDocuments.ts';
import { says, withSession } from './sessionFixture.ts';
import { test, until } from './suite.ts';

test('a prompt with a schema tells its lanes, and they may leave it', async () => {
  const prompt = '---\noutput:\n  schema:\n    name: string\n---\nWho?';
  await withSession(prompt, [says('{}'), says('Me.')], async (session, { provider }) => {
    await session.show();
    const format = session.state.prompt?.settings.responseFormat;
    assert.equal(format?.type, 'json-schema');
    await session.run();
    session.choices.setSettings('1', { responseFormat: null });
    await session.run();
    assert.deepEqual(
      provider.requests.map(({ responseFormat }) => responseFormat),
      [format, undefined],
    );
    // What is said on goes by what the lane asks for now.
    await session.chat.send('And you?');
    assert.equal(provider.requests[2]?.responseFormat, undefined);
  });
});

test('a schema is opened as JSON that the editor checks, and saving it gives it to its lane', async () => {
  const schemas = new SchemaActions(new SchemaDocuments('llm-playground-schema-test'));
  await withSession('Who?', [], async (session) => {
    await session.show();
    await schemas.edit(session, '1', '{"type": "strin"}');
    const { document } = window.activeTextEditor ?? assert.fail();
    assert.equal(document.languageId, 'json');
    await until(() => languages.getDiagnostics(document.uri).length > 0);
    await rewrite('{"type": "string"}');
    const posted: string[] = [];
    session.onMessage(({ type }) => posted.push(type));
    assert.ok(await document.save());
    assert.deepEqual(session.state.lanes[0]?.settings.responseFormat, {
      type: 'json-schema',
      name: 'answer',
      schema: { type: 'string' },
    });
    assert.ok(posted.includes('lane'), 'the panel is told');
    await rewrite('{"type": ');
    await document.save();
    assert.equal(session.state.lanes[0].settings.responseFormat.type, 'json-schema', 'the last one holds');
    await commands.executeCommand('workbench.action.closeActiveEditor');
  });
  schemas.dispose();
});

async function rewrite(text: string): Promise<void> {
  const { document } = window.activeTextEditor ?? assert.fail();
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(0, 0, document.lineCount, 0), text);
  assert.ok(await workspace.applyEdit(edit));
}
