import type { Uri } from 'vscode';
import type { LaneView, PanelState, Run } from '../protocol.ts';
import { nameOf } from './promptSource.ts';
import { promptUriOf } from './versions/versionUri.ts';

/** What a panel shows once its prompt's file is at another URI: the same prompt, and the same runs of it. */
export function movedPanel({ prompt, lanes }: PanelState, to: Uri): Partial<PanelState> {
  const ran = promptUriOf(to).toString();
  const movedRun = (run: Run): Run => (run.prompt ? { ...run, prompt: { ...run.prompt, uri: ran } } : run);
  const moved = ({ run, samples, ...lane }: LaneView): LaneView => ({
    ...lane,
    run: run && movedRun(run),
    samples: samples && { ...samples, runs: samples.runs.map(movedRun) },
  });
  return {
    lanes: lanes.map(moved),
    ...(prompt ? { prompt: { ...prompt, uri: to.toString(), name: nameOf(to) } } : {}),
  };
}
