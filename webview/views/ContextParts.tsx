import type { VNode } from 'preact';
import { formatCount, formatUsd, promptRoles, type ContextFigures } from '../../src/protocol.ts';
import type { LaneContext } from '../laneContext.ts';

interface ContextPartsProps {
  readonly id: string;
  readonly lanes: readonly LaneContext[];
}

/** A line of the table: what it is, and its figure for each lane; one that is nothing in every lane is left out. */
interface PartLine {
  readonly label: string;
  readonly hint: string;
  readonly figure: (figures: ContextFigures) => string | undefined;
  /** Whether it is a part of what is used. */
  readonly isPart?: true;
  readonly isSum?: true;
}

const roleHints = {
  System: 'What the prompt tells the model to be',
  Examples: 'Answers that the prompt gives to the model, and what they answer',
  User: 'What the prompt asks',
  'Begun answer': 'The beginning of the answer, which the model goes on from',
} as const;

const lines: readonly PartLine[] = [
  {
    label: 'Prompt',
    hint: 'The messages of the prompt file',
    isPart: true,
    figure: (f) => shareOf(f.parts.prompt, f),
  },
  ...promptRoles.map((role) => ({
    label: `· ${role}`,
    hint: roleHints[role],
    isPart: true as const,
    // Of a prompt of one role, the line above says all.
    figure: (f: ContextFigures) =>
      f.roles.length < 2 ? undefined : shareOf(f.roles.find((share) => share.role === role)?.tokens ?? 0, f),
  })),
  {
    label: 'History',
    hint: 'Answers and follow-ups so far',
    isPart: true,
    figure: (f) => shareOf(f.parts.history, f),
  },
  {
    label: 'Follow-up',
    hint: 'What is being written',
    isPart: true,
    figure: (f) => shareOf(f.parts.followUp, f),
  },
  {
    label: 'Around them',
    hint: 'What the model puts around the messages, tools and the schema of the answer',
    isPart: true,
    figure: (f) => shareOf(f.parts.around, f),
  },
  {
    label: 'Learned correction',
    hint: 'What the reports of earlier runs of this model say that counts like this one are off by',
    isPart: true,
    figure: ({ parts: { correction } }) =>
      correction === 0 ? undefined : `${correction > 0 ? '+' : '−'}${formatCount(Math.abs(correction))}`,
  },
  {
    label: 'Used',
    hint: 'All that is sent, in tokens',
    isSum: true,
    figure: ({ used, exactness }) => `${exactness === 'exact' ? '' : '~'}${formatCount(used)}`,
  },
  {
    label: 'Kept for the answer',
    hint: 'The limit of the answer, or what is assumed where the prompt sets none; it is not used yet',
    figure: ({ reserved: { tokens, isAssumed } }) => `${formatCount(tokens)}${isAssumed ? ' (assumed)' : ''}`,
  },
  {
    label: 'Window',
    hint: 'Input and output together',
    figure: ({ window }) => (window === undefined ? 'unknown' : formatCount(window)),
  },
  {
    label: 'Cost of the input',
    hint: 'At the price of the model; what is read from a cache costs less',
    figure: ({ cost }) => costIn(cost?.input),
  },
  {
    label: 'Cost at most',
    hint: 'With an answer as long as what is kept for it',
    figure: ({ cost }) => (cost ? costIn(cost.atMost) : undefined),
  },
];

/** What the windows hold, a column for each lane. */
export function ContextParts({ id, lanes }: ContextPartsProps): VNode {
  const shown = lines.filter(({ figure }) =>
    lanes.some(({ figures }) => figures && figure(figures) !== undefined),
  );
  return (
    <div id={id} class="context-parts" role="region" aria-label="What the windows hold" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <td />
            {lanes.map(({ lane, name }) => (
              <th key={lane.id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ label, hint, figure, isPart, isSum }) => (
            <tr key={label} class={isSum ? 'context-sum' : isPart ? 'context-part' : undefined}>
              <th scope="row" title={hint}>
                {label}
              </th>
              {lanes.map(({ lane, figures, problem }) => (
                <td key={lane.id} title={problem}>
                  {figures ? (figure(figures) ?? '–') : '…'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {notesOf(lanes).map((note) => (
        <p key={note} class="context-note">
          {note}
        </p>
      ))}
    </div>
  );
}

/** How it was counted, or why it could not be, once for all lanes of which it is true. */
function notesOf(lanes: readonly LaneContext[]): readonly string[] {
  return [...new Set(lanes.flatMap(({ figures, problem }) => figures?.note ?? problem ?? []))];
}

function shareOf(part: number, { used }: ContextFigures): string | undefined {
  return part === 0 ? undefined : `${formatCount(part)} · ${Math.round((part / Math.max(1, used)) * 100)} %`;
}

function costIn(usd: number | undefined): string {
  if (usd === undefined) return 'unknown';
  return usd === 0 ? 'free' : formatUsd(usd);
}
