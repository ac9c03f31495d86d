import { hash } from 'node:crypto';
import type { ChatRequest, Message } from '../core/chat.ts';
import type { Answer } from '../core/conversation/conversation.ts';
import { fileNameOf } from '../core/prompt/fileName.ts';
import type { PromptReference, Run, RunInput, RunOutput } from '../core/store.ts';
import type { Row, SqliteFile } from './sqliteFile.ts';
import { promptIdAt, promptUriNow } from './sqlitePromptNames.ts';

/** The columns that {@link answerOf} reads. */
export const answerColumns = `id, started_at, status, input, text, details, ${promptUriNow} AS prompt_now`;

/** The columns that {@link runOf} reads. */
export const runColumns = `${answerColumns}, sent, logprobs`;

/**
 * Writes a run as a new row. The messages that it sends are kept once for all runs, because every turn of a conversation
 * sends all those before it again.
 */
export function insertRun(file: SqliteFile, run: Run, owner: string): void {
  const { messages, ...request } = run.request;
  const input = {
    ...(run.prompt ? { prompt: run.prompt } : {}),
    variables: run.variables,
    modelId: run.modelId,
    request,
    ...(run.summaryOf === undefined ? {} : { summaryOf: run.summaryOf }),
  };
  file.transaction(() => {
    file.run(
      `INSERT INTO runs (id, started_at, owner, status, prompt_uri, model_id, input, sent, text, details, summary_of)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      run.id,
      run.startedAt,
      owner,
      run.outcome.status,
      run.prompt ? promptIdAt(file, run.prompt.uri) : null,
      run.modelId,
      JSON.stringify(input),
      JSON.stringify(messages.map((message) => sentId(file, message))),
      run.text,
      detailsOf(run),
      run.summaryOf ?? null,
    );
  });
}

/** Writes what has come back. Log-probabilities, which can be megabytes, are written once, when the run has ended. */
export function updateRun(file: SqliteFile, id: string, output: RunOutput): void {
  const { status } = output.outcome;
  file.run(
    'UPDATE runs SET status = ?, text = ?, details = ? WHERE id = ?',
    status,
    output.text,
    detailsOf(output),
    id,
  );
  if (status !== 'running' && output.logprobs.length > 0) {
    file.run('UPDATE runs SET logprobs = ? WHERE id = ?', JSON.stringify(output.logprobs), id);
  }
}

/** The run of a row with {@link runColumns}. */
export function runOf(file: SqliteFile, row: Row): Run {
  const { request } = inputOf(row);
  return {
    ...answerOf(row),
    request: row['sent'] === null ? (request as ChatRequest) : { ...request, messages: sentOf(file, row) },
    logprobs: JSON.parse(String(row['logprobs'])) as RunOutput['logprobs'],
  };
}

/** What the run of a row with {@link answerColumns} answered. */
export function answerOf(row: Row): Answer {
  const { request: _, prompt, ...input } = inputOf(row);
  const details = JSON.parse(String(row['details'])) as Omit<RunOutput, 'text' | 'logprobs'>;
  // The column wins: the process that would have written the details may have died.
  const isTorn = row['status'] === 'interrupted' && details.outcome.status !== 'interrupted';
  return {
    id: String(row['id']),
    startedAt: Number(row['started_at']),
    ...input,
    ...(prompt ? { prompt: promptNow(prompt, String(row['prompt_now'])) } : {}),
    ...details,
    text: String(row['text']),
    ...(isTorn ? { outcome: { status: 'interrupted' } } : {}),
    ...(isTorn && details.usage ? { usage: { ...details.usage, isPartial: true } } : {}),
  };
}

/** What a run says of its prompt, whose file may have been moved since. A version keeps the name that it was opened under. */
function promptNow(prompt: PromptReference, uri: string): PromptReference {
  if (uri === prompt.uri) return prompt;
  const name = prompt.name === fileNameOf(prompt.uri) ? fileNameOf(uri) : prompt.name;
  return { ...prompt, uri, name };
}

/** A row from before messages were shared has them in its input. */
function inputOf(row: Row): Omit<RunInput, 'request'> & { request: Omit<ChatRequest, 'messages'> } {
  return JSON.parse(String(row['input'])) as RunInput;
}

function sentId(file: SqliteFile, message: Message): number {
  const text = JSON.stringify(message);
  const digest = hash('sha256', text, 'base64');
  const known = file.first('SELECT id FROM sent_messages WHERE hash = ?', digest);
  if (known) return Number(known['id']);
  file.run('INSERT INTO sent_messages (hash, message) VALUES (?, ?)', digest, text);
  return Number(file.first('SELECT last_insert_rowid() AS id')?.['id']);
}

function sentOf(file: SqliteFile, row: Row): readonly Message[] {
  return file
    .all(
      `SELECT message FROM json_each(?) AS sent JOIN sent_messages ON sent_messages.id = sent.value ORDER BY sent.key`,
      String(row['sent']),
    )
    .map(({ message }) => JSON.parse(String(message)) as Message);
}

/** Everything of an output that has no column of its own, as JSON. */
function detailsOf({
  servedModel,
  responseId,
  seed,
  warnings,
  reasoning,
  toolCalls,
  citations,
  usage,
  timing,
  cost,
  estimate,
  outcome,
}: RunOutput): string {
  return JSON.stringify({
    servedModel,
    responseId,
    seed,
    warnings,
    reasoning,
    toolCalls,
    citations,
    usage,
    timing,
    cost,
    estimate,
    outcome,
  });
}
