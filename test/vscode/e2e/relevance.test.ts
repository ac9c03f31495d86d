/** A conversation that sends those earlier turns that are most like the question, by the embeddings of a service. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Frame } from 'playwright-core';
import { eventStream, type Received, type Reply, ReplayServer } from '../../support/replayServer.ts';
import { packedEditor } from '../packedEditor.ts';
import { eventually } from '../../eventually.ts';
import { panelOf, runByLens, writePrompts } from './answers.ts';

const topics = ['cat', 'ship', 'bread'];

/** A service whose embeddings say how often a text names each topic, and whose chat model says that it has understood. */
const service = await ReplayServer.start(({ path, body }: Received): Reply => {
  if (path.endsWith('/models')) return json({ data: [{ id: 'talker' }, { id: 'embedder' }] });
  if (path.endsWith('/embeddings')) {
    const { input } = body as { readonly input: readonly string[] };
    return json({
      data: input.map((text) => ({ embedding: topics.map((topic) => text.split(topic).length - 1) })),
    });
  }
  return eventStream(
    { model: 'talker', choices: [{ delta: { content: 'I see.' } }] },
    { model: 'talker', choices: [{ delta: {}, finish_reason: 'stop' }] },
    '[DONE]',
  );
});
after(() => service[Symbol.asyncDispose]());

const editor = packedEditor({
  settings: { 'llmPlayground.endpoints': [{ id: 'mine', baseUrl: `${service.url}/v1` }] },
  prepare: (folder) => writePrompts(folder, { talk: '---\nmodel: mine/talker\n---\nLet us talk.\n' }),
});

test('the turns that are least like the question are greyed, and the service receives the others', async () => {
  const panel = await runByLens(editor, 'talk.prompt', 'I see.');
  for (const question of ['A cat sleeps.', 'A ship sails.', 'We bake bread.']) await ask(panel, question);
  await panel.getByRole('button', { name: 'Everything is sent' }).click();
  await row('Send the Most Relevant Turns…').click();
  await editor.workbench.answer('1');
  await editor.workbench.answer('mine/embedder');
  // What is being written is sent to no service before the user sends it.
  await panel
    .getByRole('button', { name: 'The most relevant earlier turn is sent · chosen as you send' })
    .waitFor();
  await panel.getByRole('textbox', { name: 'Follow-up' }).fill('Where does the cat sleep?');
  await panel.waitForTimeout(1_000);
  assert.deepEqual(received('/embeddings'), []);
  await editor.workbench.screenshot('relevance-before');

  await ask(panel, 'Where does the cat sleep?');
  assert.deepEqual(sentLast(), [
    'user: Let us talk.',
    'assistant: I see.',
    'user: A cat sleeps.',
    'assistant: I see.',
    'user: Where does the cat sleep?',
  ]);
  assert.equal(received('/embeddings').length, 1);
  const greyed = panel.locator('.turn', { has: panel.locator('.not-sent') });
  await eventually(async () =>
    assert.deepEqual(
      (await greyed.allInnerTexts()).map(
        (text) => topics.filter((topic) => text.includes(topic)).join() || 'answer',
      ),
      ['ship', 'answer', 'bread', 'answer'],
    ),
  );
  await editor.workbench.screenshot('relevance');
});

test('another question has other turns sent, and only what is new is asked for', async () => {
  const panel = await panelOf(editor, 'talk.prompt', 'Where does the cat sleep?');
  await ask(panel, 'Does a ship carry bread, or is it a ship for ships?');
  assert.deepEqual(sentLast().slice(2, -1), ['user: A ship sails.', 'assistant: I see.']);
  const [, second] = received('/embeddings');
  const { input } = second?.body as { readonly input: readonly string[] };
  // The turn before has its answer by now; those above it are known.
  assert.deepEqual(input, [
    'Where does the cat sleep?\nI see.',
    'Does a ship carry bread, or is it a ship for ships?',
  ]);
});

function json(body: unknown): Reply {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function received(path: string): readonly Received[] {
  return service.received.filter((request) => request.path.endsWith(path));
}

/** What the chat model was sent last. */
function sentLast(): readonly string[] {
  const { messages } = received('/chat/completions').at(-1)?.body as {
    readonly messages: readonly { readonly role: string; readonly content: string }[];
  };
  return messages.map(({ role, content }) => `${role}: ${content}`);
}

function row(label: string) {
  return editor.workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: label }).first();
}

async function ask(panel: Frame, question: string): Promise<void> {
  const turns = await panel.locator('.turn').count();
  const composer = panel.getByRole('textbox', { name: 'Follow-up' });
  await composer.fill(question);
  await composer.press('Enter');
  await eventually(async () => assert.ok((await panel.locator('.turn').count()) > turns));
  await panel.locator('.badge-running').waitFor({ state: 'detached' });
  await panel.locator('.stats-line', { hasText: 'stop' }).waitFor();
}
