import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textMessage, type ToolCallPart } from '../../../src/core/chat.ts';
import { requestMessages } from '../../../src/core/conversation/request.ts';
import { answersOf, message, run } from './fixtures.ts';

const call: ToolCallPart = { type: 'tool-call', id: 'k', name: 'now', arguments: '{}' };
const result = { type: 'tool-result', callId: 'k', result: '5' } as const;

describe('what the next turn sends', () => {
  test('is the path, with each answer in the words of its run', () => {
    const path = [
      message('s', null, { role: 'system' }),
      message('u1', 's'),
      message('a1', 'u1', { runId: 'r1' }),
      message('u2', 'a1'),
    ];
    assert.deepEqual(requestMessages(path, answersOf(run('r1'))), {
      messages: [
        textMessage('system', 's'),
        textMessage('user', 'u1'),
        textMessage('assistant', 'answer of r1'),
        textMessage('user', 'u2'),
      ],
      ids: ['s', 'u1', 'a1', 'u2'],
      brokenOff: [],
      continues: false,
    });
  });

  test('has tool calls with their results', () => {
    const path = [
      message('u1', null),
      message('a1', 'u1', { runId: 'r1' }),
      message('t', 'a1', { role: 'tool', content: [result] }),
    ];
    const { messages } = requestMessages(path, answersOf(run('r1', { text: '', toolCalls: [call] })));
    assert.deepEqual(messages, [
      textMessage('user', 'u1'),
      { role: 'assistant', content: [call] },
      { role: 'tool', content: [result] },
    ]);
  });

  test('leaves out a call without a result, a result without a call, and a second result', () => {
    const open = { ...call, id: 'open' };
    const path = [
      message('u1', null),
      message('a1', 'u1', { runId: 'r1' }),
      message('t', 'a1', { role: 'tool', content: [result, result, { ...result, callId: 'nobody' }] }),
      message('t2', 't', { role: 'tool', content: [{ ...result, callId: 'nobody' }] }),
    ];
    const { messages } = requestMessages(path, answersOf(run('r1', { toolCalls: [call, open] })));
    assert.deepEqual(messages.slice(1), [
      { role: 'assistant', content: [{ type: 'text', text: 'answer of r1' }, call] },
      { role: 'tool', content: [result] },
    ]);
  });

  test('names the answers that broke off, and leaves out those with nothing in them', () => {
    const path = [
      message('u1', null),
      message('a1', 'u1', { runId: 'stopped' }),
      message('u2', 'a1'),
      message('a2', 'u2', { runId: 'empty' }),
      message('u3', 'a2'),
      message('a3', 'u3', { runId: 'never-recorded' }),
      message('u4', 'a3'),
    ];
    const turn = requestMessages(
      path,
      answersOf(
        run('stopped', { outcome: { status: 'stopped' } }),
        run('empty', { text: '', outcome: { status: 'interrupted' } }),
      ),
    );
    assert.deepEqual(turn, {
      messages: [
        textMessage('user', 'u1'),
        textMessage('assistant', 'answer of stopped'),
        ...['u2', 'u3', 'u4'].map((text) => textMessage('user', text)),
      ],
      ids: ['u1', 'a1', 'u2', 'u3', 'u4'],
      brokenOff: ['a1', 'a2', 'a3'],
      continues: false,
    });
  });

  test('ends with what the model has said where it is to go on, and joins what it went on with', () => {
    const path = [message('u1', null), message('a1', 'u1', { runId: 'half' })];
    const half = run('half', { text: 'Half an ans', outcome: { status: 'finished', reason: 'length' } });
    assert.deepEqual(requestMessages(path, answersOf(half)), {
      messages: [textMessage('user', 'u1'), textMessage('assistant', 'Half an ans')],
      ids: ['u1', 'a1'],
      brokenOff: ['a1'],
      continues: true,
    });
    const whole = [...path, message('a2', 'a1', { runId: 'rest' }), message('u2', 'a2')];
    const { messages, ids } = requestMessages(whole, answersOf(half, run('rest', { text: 'wer.' })));
    assert.deepEqual(messages[1], textMessage('assistant', 'Half an answer.'));
    assert.deepEqual(ids, ['u1', 'a2', 'u2']);
  });
});
