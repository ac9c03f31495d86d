import type { Memento } from 'vscode';
import { KeptAttachments } from './attachments/keptAttachments.ts';
import { LaneLayouts } from './laneLayouts.ts';

/** What is kept of sessions over a reload of the window, beside the history. */
export class SessionMemory {
  readonly layouts: LaneLayouts;
  readonly attachments: KeptAttachments;

  constructor(memento: Memento) {
    this.layouts = new LaneLayouts(memento);
    this.attachments = new KeptAttachments(memento);
  }

  /** Takes everything along to other URIs; `movedTo` answers `undefined` for those that stay. */
  move(movedTo: (uri: string) => string | undefined): void {
    this.layouts.move(movedTo);
    this.attachments.move(movedTo);
  }
}
