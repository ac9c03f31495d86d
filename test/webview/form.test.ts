import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { draftsThatDiffer, missingMessage, readForm, readText, textFor, textIn } from '../../webview/form.ts';
import { field } from './samples.ts';

describe('the form', () => {
  test('shows what was typed, else the value, else the default', () => {
    const name = field('n', { type: 'integer', default: 3 });
    assert.deepEqual(
      [textIn(name, { n: 5 }, { n: '7' }), textIn(name, { n: 5 }, {}), textIn(name, {}, {})],
      ['7', '5', '3'],
    );
  });

  test('sends typed values', () => {
    const fields = [
      field('topic'),
      field('n', { type: 'integer' }),
      field('ratio', { type: 'number' }),
      field('deep', { type: 'boolean' }),
      field('level', { type: 'enum', choices: ['low', 2] }),
      field('tags', { type: 'array', items: { type: 'text' } }),
      field('user', { type: 'object' }),
      field('free', { type: 'any' }),
      field('day', { type: 'date' }),
    ];
    const drafts = {
      topic: ' tokens ',
      n: ' 3 ',
      ratio: '1e-3',
      level: '2',
      tags: 'one\n\n2',
      user: '{"name":"Ada"}',
      free: 'text {',
      day: '2026-11-23',
    };
    assert.deepEqual(readForm(fields, {}, drafts), {
      values: {
        topic: ' tokens ',
        n: 3,
        ratio: 0.001,
        deep: false,
        level: 2,
        tags: ['one', '2'],
        user: { name: 'Ada' },
        free: 'text {',
        day: '2026-11-23',
      },
      messages: {},
    });
  });

  test('says beside each field what is wrong', () => {
    const fields = [
      field('topic'),
      field('n', { type: 'integer' }),
      field('x', { type: 'number' }),
      field('list', { type: 'array' }),
      field('user', { type: 'object' }),
    ];
    const drafts = { topic: '  ', n: '1.5', x: 'many', list: '["open"', user: '{open' };
    assert.deepEqual(readForm(fields, {}, drafts).messages, {
      topic: missingMessage,
      n: '"n" must be a whole number, not 1.5.',
      x: '"x" must be a number, not "many".',
      list: 'Write one item a line, or a JSON list such as ["one", "two"].',
      user: 'Write a JSON object, such as {"name": "value"}.',
    });
  });

  test('refuses what a run would refuse, with the same words', () => {
    const fields = [
      field('due', { type: 'date' }),
      field('sizes', { type: 'array', items: { type: 'integer' } }),
      field('user', { type: 'object', fields: [field('name'), field('age', { type: 'integer' })] }),
      field('level', { type: 'enum', choices: ['low', 'high'] }),
      field('deep', { type: 'boolean' }),
      field('any', { type: 'any' }),
    ];
    const drafts = {
      due: '2026-02-30',
      sizes: '1\ntwo',
      user: '{"age": "old"}',
      level: '"middle"',
      deep: 'maybe',
      any: 'null',
    };
    assert.deepEqual(readForm(fields, {}, drafts), {
      values: {},
      messages: {
        due: '"due" must be a date such as 2026-11-22, not "2026-02-30".',
        sizes: '"sizes[1]" must be a whole number, not "two".',
        user: '"user.age" must be a whole number, not "old".',
        level: '"level" must be one of "low", "high", not "middle".',
        deep: '"deep" must be true or false, not "maybe".',
        any: missingMessage,
      },
    });
  });

  test('says which parts an object lacks', () => {
    const user = field('user', {
      type: 'object',
      fields: [field('name'), field('age', { required: false })],
    });
    assert.deepEqual(readText(user, '{"age": "1"}'), { message: 'Needs a value for "user.name".' });
  });

  test('leaves out what is optional and untouched, and sends text that was emptied', () => {
    const optional = field('style', { required: false });
    assert.deepEqual(readForm([optional], {}, {}).values, {});
    assert.deepEqual(readForm([optional], { style: 'terse' }, { style: '' }).values, { style: '' });
    assert.deepEqual(
      readForm([field('n', { type: 'number', required: false })], { n: 1 }, { n: '' }).values,
      {},
    );
  });

  test('reads back every value that it shows', () => {
    const cases = [
      [field('a'), 'two\nlines'],
      [field('b', { type: 'number' }), -0.5],
      [field('c', { type: 'boolean' }), true],
      [field('d', { type: 'enum', choices: ['x', 'y'] }), 'y'],
      [field('e', { type: 'array' }), ['one', { two: 2 }]],
      [field('f', { type: 'object' }), { deep: { list: [] } }],
      [field('g', { type: 'any' }), { free: null }],
    ] as const;
    for (const [shape, value] of cases) assert.deepEqual(readText(shape, textFor(shape, value)), { value });
  });

  test('keeps only drafts that differ from what is shown without them', () => {
    const fields = [field('a'), field('n', { type: 'number', default: 1 })];
    assert.deepEqual(draftsThatDiffer(fields, { a: 'x' }, { a: 'x', n: '2', gone: 'y' }), { n: '2' });
  });
});
