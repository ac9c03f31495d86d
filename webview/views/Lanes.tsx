import type { ComponentChildren, VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { marksOf, promptOf } from '../../src/protocol.ts';
import { useSharedScroll } from '../sharedScroll.ts';
import type { PanelStore } from '../state.ts';
import type { View } from '../view.ts';
import { Lane } from './Lane.tsx';

interface LanesProps {
  readonly view: View;
  readonly store: PanelStore;
  /** What stands above the answer of a lane that is the only one. */
  readonly children: ComponentChildren;
}

/** The columns, side by side. What does not fit is scrolled to. */
export function Lanes({ view, store, children }: LanesProps): VNode {
  const { prompt, lanes } = view.panel;
  const list = useRef<HTMLDivElement>(null);
  useSharedScroll(list, view.scrollsTogether && lanes.length > 1);
  const expanded = lanes.some(({ id }) => id === view.expanded) ? view.expanded : undefined;
  const runs = lanes.flatMap(({ run }) => (run ? [run] : []));
  const marks = new Map(marksOf(runs).map((own, index) => [runs[index]?.id, own.join(' ')]));

  return (
    <div class={lanes.length > 1 ? 'lanes lanes-many' : 'lanes'} ref={list}>
      {lanes.map((lane, index) => (
        <Lane
          key={lane.id}
          lane={lane}
          chatId={view.panel.chat?.id}
          place={index + 1}
          count={lanes.length}
          prompt={promptOf(lane, prompt)}
          answerMode={view.answerMode}
          marks={(lane.run && marks.get(lane.run.id)) ?? ''}
          isExpanded={expanded === lane.id}
          isHidden={expanded !== undefined && expanded !== lane.id}
          isMirrored={!view.unmirrored.includes(lane.id)}
          settingsAreOpen={view.settingsOf === lane.id}
          store={store}
        >
          {lanes.length === 1 && children}
        </Lane>
      ))}
    </div>
  );
}
