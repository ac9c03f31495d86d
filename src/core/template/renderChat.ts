import type { ChatRequest, Message, ToolDefinition } from '../chat.ts';
import { LlmError, messageOf } from '../errors.ts';
import { type TemplateTurn, turnsOf, withoutSystem } from './turns.ts';

/** Gives what a chat template makes of its variables. It throws what the template throws. */
export type TemplateRenderer = (variables: Readonly<Record<string, unknown>>) => string;

/** What a model's file says that its template needs. */
export interface TemplateModel {
  readonly render: TemplateRenderer;
  /** The texts of the tokens for a beginning and an end; `''` where there is none. */
  readonly bos: string;
  readonly eos: string;
  /** The texts of all control tokens. */
  readonly controls: readonly string[];
}

export interface RenderChatOptions {
  readonly tools?: readonly ToolDefinition[];
  /** Whether the model may think before it answers, where its template leaves the choice. */
  readonly thinks: boolean;
  /** How long it thinks, where its template takes that. */
  readonly effort?: 'low' | 'medium' | 'high';
}

/** How a request wants its messages rendered. */
export function renderOptionsOf({ settings, tools, responseFormat }: TemplateRequest): RenderChatOptions {
  const { reasoningEffort: effort } = settings;
  return {
    ...(tools ? { tools } : {}),
    // A format holds the answer from its first token on; there is no room for a thought.
    thinks: effort !== 'none' && !responseFormat,
    ...(effort === undefined || effort === 'none' ? {} : { effort }),
  };
}

/** What of a request a template can show. */
export type TemplateRequest = Pick<ChatRequest, 'messages' | 'settings' | 'tools' | 'responseFormat'>;

/** A conversation in a model's own words, up to where its answer starts. */
export interface RenderedChat {
  readonly pieces: readonly ChatPiece[];
  /** What the template writes behind an answer; `''` where that cannot be told. */
  readonly afterAnswer: string;
}

/** Text of the template may hold control tokens; text of a message must never become one. */
export interface ChatPiece {
  readonly from: 'template' | 'message';
  readonly text: string;
}

/**
 * Has a model's template render `messages`; an assistant message at the end is continued. Each content is a word of our
 * own while the template runs, so that no content becomes part of the template.
 * @throws LlmError `bad-request` when the template does not take these messages, or there is an image among them.
 */
export function renderChat(
  model: TemplateModel,
  messages: readonly Message[],
  options: RenderChatOptions,
): RenderedChat {
  const turns = turnsOf(messages);
  const last = turns.at(-1);
  const isContinued = last?.role === 'assistant' && !last.toolCalls;
  const before = isContinued ? turns.slice(0, -1) : turns;
  // Some templates refuse a system message and some leave it out without a word; the user's is where it goes then.
  const pieces = firstOf([before, withoutSystem(before)], (tried) => piecesOf(model, tried, options));
  if (isContinued) pieces.push({ from: 'message', text: last.text });
  return { pieces, afterAnswer: afterAnswer(model, before, options) };
}

function piecesOf(
  model: TemplateModel,
  turns: readonly TemplateTurn[],
  options: RenderChatOptions,
): ChatPiece[] {
  const rendered = new Rendering(model, options);
  const variables = rendered.variables(turns);
  const whole = model.render({ ...variables, add_generation_prompt: true });
  if (whole !== model.render({ ...variables, add_generation_prompt: false })) return rendered.pieces(whole);
  // The template knows no place for an answer; so one is put there and cut off again.
  const answer = rendered.word('');
  const withAnswer = model.render({
    ...variables,
    messages: [...(variables['messages'] as unknown[]), { role: 'assistant', content: answer }],
    add_generation_prompt: false,
  });
  const at = withAnswer.indexOf(answer);
  return rendered.pieces(at < 0 ? whole : withAnswer.slice(0, at));
}

function afterAnswer(
  model: TemplateModel,
  turns: readonly TemplateTurn[],
  options: RenderChatOptions,
): string {
  try {
    const rendered = new Rendering(model, options);
    const answer = 'An answer.';
    const whole = model.render({
      ...rendered.variables([...withoutSystem(turns), { role: 'assistant', text: answer }]),
      add_generation_prompt: false,
    });
    const words = /\uE000\d+\uE001/g;
    return whole.split(words).at(-1) ?? '';
  } catch {
    // What ends an answer is then what the file itself marks as an end.
    return '';
  }
}

/** One run of the template, with the texts that its words stand for. */
class Rendering {
  readonly #texts: string[] = [];
  readonly #model: TemplateModel;
  readonly #options: RenderChatOptions;

  constructor(model: TemplateModel, options: RenderChatOptions) {
    this.#model = model;
    this.#options = options;
  }

  /** A word that stands for `text` until {@link pieces}. */
  word(text: string): string {
    this.#texts.push(text);
    return `\uE000${this.#texts.length - 1}\uE001`;
  }

  variables(turns: readonly TemplateTurn[]): Record<string, unknown> {
    const { tools, thinks, effort } = this.#options;
    const { bos, eos } = this.#model;
    return {
      messages: turns.map((turn) => this.#message(turn)),
      ...(tools && tools.length > 0 ? { tools: tools.map((tool) => this.#tool(tool)) } : {}),
      bos_token: bos,
      eos_token: eos,
      enable_thinking: thinks,
      ...(effort === undefined ? {} : { reasoning_effort: effort }),
    };
  }

  /** @throws LlmError `bad-request` when a text is missing from what the template gave. */
  pieces(rendered: string): ChatPiece[] {
    const parts = rendered.split(/(\uE000\d+\uE001)/);
    const pieces = parts.map((part, index): ChatPiece => {
      if (!part.startsWith('\uE000')) return { from: 'template', text: part };
      const text = this.#texts[Number(part.slice(1, -1))] ?? '';
      const isQuoted = parts[index - 1]?.endsWith('"') && parts[index + 1]?.startsWith('"');
      return { from: 'message', text: isQuoted ? JSON.stringify(text).slice(1, -1) : text };
    });
    const isWhole = this.#texts.every(
      (text, index) => text === '' || rendered.includes(`\uE000${index}\uE001`),
    );
    if (!isWhole) throw new LlmError('bad-request', 'The model’s chat template leaves out a message.');
    return pieces.filter(({ text }) => text !== '');
  }

  #message(turn: TemplateTurn): Record<string, unknown> {
    switch (turn.role) {
      case 'tool':
        return {
          role: 'tool',
          name: turn.name,
          tool_call_id: turn.callId,
          content: this.word(turn.text),
        };
      case 'assistant':
        return {
          role: 'assistant',
          content: turn.text === '' ? '' : this.word(turn.text),
          ...(turn.toolCalls
            ? {
                tool_calls: turn.toolCalls.map(({ id, name, arguments: args }) => ({
                  id,
                  type: 'function',
                  function: { name, arguments: this.#safe(args) },
                })),
              }
            : {}),
        };
      case 'system':
      case 'user':
        return { role: turn.role, content: this.word(turn.text) };
    }
  }

  #tool({ name, description, parameters }: ToolDefinition): Record<string, unknown> {
    return {
      type: 'function',
      function: {
        name,
        description: this.#safe(description ?? ''),
        parameters: this.#safe(parameters),
      },
    };
  }

  /** Plain data whose texts spell no control token: templates look into it, so that only those become words. */
  #safe(value: unknown): unknown {
    if (typeof value === 'string')
      return this.#model.controls.some((control) => value.includes(control)) ? this.word(value) : value;
    if (Array.isArray(value)) return value.map((item) => this.#safe(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#safe(item)]));
  }
}

/** What the first of `tries` gives that does not throw. @throws LlmError `bad-request` when all do. */
function firstOf<Tried, Result>(tries: readonly Tried[], attempt: (tried: Tried) => Result): Result {
  let failure: unknown;
  for (const tried of tries) {
    try {
      return attempt(tried);
    } catch (error) {
      failure ??= error;
    }
  }
  throw new LlmError(
    'bad-request',
    `The model's chat template does not take these messages (${messageOf(failure)}). Let user and assistant alternate.`,
    { cause: failure },
  );
}
