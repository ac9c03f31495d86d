import type { SQLInputValue } from 'node:sqlite';
import type { SearchHit, SearchList, SearchPage, SnippetPiece } from '../core/conversation/store.ts';
import type { Row, SqliteFile } from './sqliteFile.ts';
import { snippetAround } from './snippet.ts';

/** A piece of SQL with the values of its question marks. */
export interface Query {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** The messages and answers that hold all words, newest first. */
export function searchTexts(file: SqliteFile, words: string, { limit, after }: SearchPage): SearchList {
  const terms = termsOf(words);
  if (terms.length === 0) return { hits: [] };
  const isIndexed = terms.every((term) => !unspaced.test(term.text));
  const before = after ?? Number.MAX_SAFE_INTEGER;
  // The search comes first and in its own order, so that nothing is read for documents beyond the page.
  const found = isIndexed
    ? `search CROSS JOIN search_documents AS document ON document.id = search.rowid`
    : `search_texts AS texts CROSS JOIN search_documents AS document ON document.id = texts.id`;
  const condition = isIndexed ? 'search MATCH ? AND search.rowid < ?' : `${likes(terms)} AND texts.id < ?`;
  const values = isIndexed ? [matchOf(terms)] : patterns(terms);
  const rows = file.all(
    `SELECT document.id AS document, conversation.id AS conversation_id, conversation.title, message.id AS message_id,
       run.id AS run_id, run.model_id, coalesce(message.created_at, run.started_at) AS at,
       ${isIndexed ? `snippet(search, 0, char(${matchStart}), char(${matchEnd}), '…', 24)` : 'texts.text'} AS found
     FROM ${found}
     LEFT JOIN runs AS run ON run.id = document.run_id
     LEFT JOIN messages AS message
       ON message.seq = coalesce(
         (SELECT seq FROM messages WHERE id = document.message_id),
         (SELECT min(seq) FROM messages WHERE run_id = document.run_id)
       )
     LEFT JOIN conversations AS conversation ON conversation.id = message.conversation_id
     WHERE ${condition} AND message.deleted_at IS NULL AND conversation.deleted_at IS NULL
     ORDER BY ${isIndexed ? 'search.rowid' : 'texts.id'} DESC LIMIT ?`,
    ...values,
    before,
    limit + 1,
  );
  const page = rows.slice(0, limit);
  const texts = terms.map(({ text }) => text);
  return {
    hits: page.map((row) => {
      const text = String(row['found']);
      return hitOf(row, isIndexed ? markedPieces(text) : snippetAround(text, texts));
    }),
    ...(rows.length > limit ? { next: Number(page.at(-1)?.['document']) } : {}),
  };
}

/** Selects the `id` of every search document that holds all words; `undefined` for no words. */
export function documentsWith(words: string): Query | undefined {
  const terms = termsOf(words);
  if (terms.length === 0) return undefined;
  return terms.some(({ text }) => unspaced.test(text))
    ? { sql: `SELECT id FROM search_texts AS texts WHERE ${likes(terms)}`, values: patterns(terms) }
    : { sql: 'SELECT rowid AS id FROM search WHERE search MATCH ?', values: [matchOf(terms)] };
}

/** The pattern of LIKE, with `\` as its escape, for what holds `text` anywhere. */
export function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

interface Term {
  readonly text: string;
  /** Whether it may be the beginning of a word. */
  readonly isBeginning: boolean;
}

/**
 * Scripts that put no spaces between words. The index holds what stands between spaces, so a word in the middle is not
 * in it; such searches read the texts themselves.
 */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Non-characters, which no text should hold; where one does, a wrong piece is marked. */
const matchStart = 0xfdd0;
const matchEnd = 0xfdd1;

function termsOf(words: string): readonly Term[] {
  const found = [
    ...words
      .slice(0, 1000)
      .replaceAll('\0', ' ')
      .matchAll(/"([^"]*)"?|[^\s"]+/g),
  ];
  return found
    .map(([written, quoted], index) => ({
      text: (quoted ?? written).trim(),
      // A single letter begins too many words to be worth it.
      isBeginning: quoted === undefined && index === found.length - 1 && written.length > 1,
    }))
    .filter(({ text }) => /[\p{L}\p{N}\p{Co}]/u.test(text));
}

function matchOf(terms: readonly Term[]): string {
  return terms.map(({ text, isBeginning }) => `"${text}"${isBeginning ? '*' : ''}`).join(' ');
}

function likes(terms: readonly Term[]): string {
  return terms.map(() => `texts.text LIKE ? ESCAPE '\\'`).join(' AND ');
}

function patterns(terms: readonly Term[]): string[] {
  return terms.map(({ text }) => likePattern(text));
}

function markedPieces(text: string): readonly SnippetPiece[] {
  const marks = new RegExp(
    `${String.fromCharCode(matchStart)}([^${String.fromCharCode(matchEnd)}]*)${String.fromCharCode(matchEnd)}`,
    'u',
  );
  return text
    .split(marks)
    .map((piece, index) => ({ text: piece, isMatch: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

function hitOf(row: Row, snippet: readonly SnippetPiece[]): SearchHit {
  const named = (name: string, value: Row[string] | undefined): object =>
    value == null ? {} : { [name]: String(value) };
  return {
    ...named('conversationId', row['conversation_id']),
    ...named('title', row['title']),
    ...named('messageId', row['message_id']),
    ...named('runId', row['run_id']),
    ...named('modelId', row['model_id']),
    at: Number(row['at']),
    snippet,
  };
}
