import { textMessage } from '../../src/core/chat.ts';
import type { LocalRuntime } from '../../src/node/localRuntime.ts';

/** A question to the demo model, and how to tell a right answer. */
export interface Question {
  /** One user turn or several, each of which is answered; the last answer counts. */
  readonly ask: string | readonly string[];
  readonly system?: string;
  /** For each list, one of its patterns must occur in the answer. */
  readonly facts?: readonly (readonly string[])[];
  /** How many sentences the answer has. */
  readonly sentences?: number;
}

export interface Outcome {
  readonly question: Question;
  readonly answer: string;
  readonly isRight: boolean;
  /** The model ended by itself, and said nothing twice on its way there. */
  readonly endsWell: boolean;
}

/** Asks every question greedily, through the runtime as a prompt does. */
export async function outcomesOf(
  questions: readonly Question[],
  runtime: LocalRuntime,
  model: string,
  isRight: (question: Question, answer: string) => boolean,
): Promise<readonly Outcome[]> {
  const found: Outcome[] = [];
  for (const question of questions) {
    const messages = question.system === undefined ? [] : [textMessage('system', question.system)];
    let last = { text: '', ended: false };
    for (const ask of [question.ask].flat()) {
      messages.push(textMessage('user', ask));
      last = await answerTo(runtime, model, messages);
      messages.push(textMessage('assistant', last.text));
    }
    const endsWell = last.ended && !saysTwice(last.text);
    found.push({ question, answer: last.text, isRight: isRight(question, last.text), endsWell });
  }
  return found;
}

/** Whether the answer holds what the question's `facts` and `sentences` ask for. */
export function hasFacts({ facts = [], sentences }: Question, answer: string): boolean {
  const found = facts.every((patterns) => patterns.some((pattern) => new RegExp(pattern, 'm').test(answer)));
  return found && (sentences === undefined || answer.split(/[.!?](?:\s|$)/).length - 1 === sentences);
}

/** Whether the answer is one of those that the model has for what it does not know. */
export function isRefusal(_: Question, answer: string): boolean {
  return /small demo model|tiny demo model|prompt injection\*\*, and it leads nowhere|understand only English|not sure what you mean/.test(
    answer,
  );
}

async function answerTo(
  runtime: LocalRuntime,
  model: string,
  messages: readonly ReturnType<typeof textMessage>[],
): Promise<{ readonly text: string; readonly ended: boolean }> {
  let text = '';
  let ended = false;
  const request = {
    model,
    messages: [...messages],
    settings: { temperature: 0, maxOutputTokens: longestAnswer },
  };
  for await (const event of runtime.stream(request, new AbortController().signal)) {
    if (event.type === 'text') text += event.text;
    if (event.type === 'finish') ended = event.reason === 'stop';
  }
  return { text, ended };
}

/** Whether eight words in a row come twice. */
function saysTwice(text: string): boolean {
  const words = text.split(/\s+/);
  const runs = words.slice(7).map((_, index) => words.slice(index, index + 8).join(' '));
  return new Set(runs).size < runs.length;
}

const longestAnswer = 200;
