import type { VNode } from 'preact';
import type { AnswerCheck } from '../../src/protocol.ts';
import { Icon } from './icons.tsx';

/** Whether an answer is what it had to be, and where it is not. */
export function AnswerChecked({ check }: { readonly check: AnswerCheck }): VNode {
  const { against, mismatches, more } = check;
  const count = mismatches.length + more;
  if (count === 0) {
    return (
      <p class="answer-check answer-check-valid" role="status">
        <Icon name="check" /> {against === 'json' ? 'Valid JSON' : 'Valid against the schema'}
      </p>
    );
  }
  const what = against === 'json' ? 'Not JSON' : 'Not valid against the schema';
  return (
    <div class="answer-check" role="group" aria-label={what}>
      <p class="answer-check-invalid" role="status">
        <Icon name="error" /> {count > 1 ? `${what}: ${count} mismatches` : what}
      </p>
      <ul>
        {mismatches.map(({ path, message }, index) => (
          <li key={index}>
            {path === '' ? 'The answer' : <code>{path}</code>} {message}
          </li>
        ))}
        {more > 0 && <li class="quiet">and {more} more</li>}
      </ul>
    </div>
  );
}
