/** How a model that has this chat template writes what is not its answer. */
export interface ChatFormat {
  /** What stands around its thoughts; absent where it has none of its own. */
  readonly thought?: { readonly open: string; readonly close: string };
  /** How it calls tools; absent where its template knows none. */
  readonly calls?: ToolCallStyle;
  /** Whether every part of an answer has a header that says what it is, as gpt-oss writes it. */
  readonly hasChannels: boolean;
}

/**
 * - `tagged`: `<tool_call>{"name", "arguments"}</tool_call>`, as Hermes and Qwen do; Qwen 3 Coder has
 *   `<function=name><parameter=key>` inside
 * - `bracketed`: `[TOOL_CALLS]` and a list, or a name and `[ARGS]`, as Mistral does
 * - `bare`: the whole answer is `{"name", "parameters"}`, maybe behind `<|python_tag|>`, as Llama 3 does
 * - `channels`: a channel with a recipient, as gpt-oss does
 */
export type ToolCallStyle = 'tagged' | 'bracketed' | 'bare' | 'channels';

/** What a template says of its model. It is a program, so this looks for the words that it writes. */
export function chatFormatOf(template: string): ChatFormat {
  const hasChannels = template.includes('<|channel|>');
  const thought = hasChannels ? undefined : thoughtMarks.find(({ close }) => template.includes(close));
  const calls = /\btools\b/.test(template) ? styleOf(template, hasChannels) : undefined;
  return { hasChannels, ...(thought ? { thought } : {}), ...(calls ? { calls } : {}) };
}

function styleOf(template: string, hasChannels: boolean): ToolCallStyle {
  if (hasChannels) return 'channels';
  if (template.includes('[TOOL_CALLS]')) return 'bracketed';
  return template.includes('<tool_call>') ? 'tagged' : 'bare';
}

/** Templates that only take thoughts out of earlier turns name the closing one alone. */
const thoughtMarks = [
  { open: '<think>', close: '</think>' },
  { open: '[THINK]', close: '[/THINK]' },
  { open: '<seed:think>', close: '</seed:think>' },
  { open: '<|START_THINKING|>', close: '<|END_THINKING|>' },
] as const;
