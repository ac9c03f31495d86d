import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import {
  formatCount,
  formatDuration,
  formatElapsed,
  formatSpeed,
  formatUsd,
  decodeSpeed,
  type Run,
} from '../../src/protocol.ts';
import { Icon } from './icons.tsx';

interface FooterProps {
  readonly run: Run;
  readonly open: boolean;
  /** The id of what a click opens. */
  readonly breakdownId: string;
  readonly onToggle: () => void;
}

/** The run in one line of figures. A click opens the breakdown above it. */
export function Footer({ run, open, breakdownId, onToggle }: FooterProps): VNode {
  const running = run.outcome.status === 'running';
  return (
    <footer class="footer">
      <button
        type="button"
        class="stats"
        aria-expanded={open}
        aria-controls={breakdownId}
        aria-label={`Figures of this run, ${open ? 'hide' : 'show'} the breakdown`}
        onClick={onToggle}
      >
        <Icon name="chevron" />
        <span class="stats-line">
          <Status run={run} />
          <Stat
            title="The model as the service named it"
            value={run.servedModel ?? run.modelId}
            class="stat-model"
          />
          {running ? <Elapsed since={run.startedAt} /> : <Times run={run} />}
          <Tokens run={run} />
          {!running && <Price run={run} />}
          {run.outcome.status === 'finished' && (
            <Stat
              title={`Finish reason: ${finishReasons[run.outcome.reason]}${
                run.outcome.rawReason === undefined ? '' : ` The service said "${run.outcome.rawReason}".`
              }`}
              value={run.outcome.reason}
            />
          )}
        </span>
      </button>
    </footer>
  );
}

function Stat(props: {
  readonly title: string;
  readonly value: string;
  readonly label?: string;
  readonly class?: string;
}): VNode {
  return (
    <span class={`stat ${props.class ?? ''}`} title={props.title}>
      {props.label && <span class="stat-label">{props.label} </span>}
      {props.value}
    </span>
  );
}

/** How the run stands, unless it simply finished. */
function Status({ run: { outcome } }: { readonly run: Run }): VNode | null {
  if (outcome.status === 'finished') return null;
  return <span class={`badge badge-${outcome.status}`}>{statusNames[outcome.status]}</span>;
}

const statusNames = {
  running: 'Answering',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
} as const;

const finishReasons = {
  stop: 'the model ended its answer.',
  length: 'the limit of output tokens was reached.',
  'tool-calls': 'the model asked for tools.',
  'content-filter': "the service's content filter ended the answer.",
  other: 'a reason of the service itself.',
} as const;

/** The time since the run began, drawn ten times a second. */
function Elapsed({ since }: { readonly since: number }): VNode {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return <Stat title="Time since the run began" value={formatElapsed(now - since)} />;
}

function Times({ run }: { readonly run: Run }): VNode | null {
  const { timing } = run;
  if (!timing) return null;
  const speed = decodeSpeed(run);
  return (
    <>
      {timing.timeToFirstTokenMs !== undefined && (
        <Stat
          label="TTFT"
          title="Time to the first token"
          value={formatDuration(timing.timeToFirstTokenMs)}
        />
      )}
      <Stat
        label="total"
        title="Time from sending the request to its end"
        value={formatDuration(timing.totalMs)}
      />
      {speed !== undefined && (
        <Stat
          title="Decode speed: output tokens per second after the first token"
          value={formatSpeed(speed)}
        />
      )}
    </>
  );
}

function Tokens({ run: { usage, text, outcome } }: { readonly run: Run }): VNode {
  if (!usage) {
    if (outcome.status === 'running') {
      return (
        <Stat
          title="Characters that have arrived; tokens follow at the end"
          value={`${formatCount(text.length)} characters`}
        />
      );
    }
    return <Stat title="The service did not report how many tokens were used" value="tokens unknown" />;
  }
  return (
    <>
      <Stat label="in" title="Input tokens" value={formatCount(usage.inputTokens)} />
      {(usage.cachedTokens ?? 0) > 0 && (
        <Stat
          label="cached"
          title="Input tokens read from a cache, a part of those in"
          value={formatCount(usage.cachedTokens ?? 0)}
        />
      )}
      {outcome.status !== 'running' && !usage.isPartial && (
        <Stat label="out" title="Output tokens, reasoning included" value={formatCount(usage.outputTokens)} />
      )}
    </>
  );
}

function Price({ run: { cost } }: { readonly run: Run }): VNode {
  if (!cost) return <Stat title="The price of this model or its usage is not known" value="cost unknown" />;
  if (cost.total === 0)
    return (
      <Stat title="The price of this model is $0, as that of every model on your own machine" value="$0" />
    );
  return (
    <Stat
      title={`Input ${formatUsd(cost.input)}, cache ${formatUsd(cost.cacheRead + cost.cacheWrite)}, output ${formatUsd(cost.output)}`}
      value={formatUsd(cost.total)}
    />
  );
}
