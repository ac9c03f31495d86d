import { type Uri, workspace } from 'vscode';
import { messageOf } from '../core/errors.ts';
import { jointFields } from '../core/prompt/jointFields.ts';
import { settingsOf } from '../core/prompt/settings.ts';
import type { VariableField } from '../core/prompt/variables.ts';
import { shortVersion } from '../core/prompt/versions.ts';
import { type LaneChoice, laneRun } from '../core/run/overrides.ts';
import type { OpenedPrompt, PreparedRun } from '../core/run/prepareRun.ts';
import type { VariableValues } from '../core/store.ts';
import {
  type LaneView,
  newestRun,
  type PanelState,
  type PromptSetup,
  type PromptView,
  type VersionView,
} from '../protocol.ts';
import { Blocked, problemOf, untrusted } from './blocked.ts';
import { type ByVersion, forEachVersion, fulfilledIn, only, resultOf } from './byVersion.ts';
import { laneSourceOf } from './promptSource.ts';
import type { SessionSurroundings } from './sessionSurroundings.ts';
import { promptUriOf } from './versions/versionUri.ts';

/** What the panel shows, and the ways to change it; the session holds it. */
export interface ShownPanel {
  /** The prompt's; another one once its file was moved. */
  readonly uri: () => Uri;
  readonly state: () => PanelState;
  readonly change: (change: Partial<PanelState>) => void;
  readonly changeLane: (laneId: string, change: Partial<LaneView>) => void;
}

/**
 * A session's prompt as its lanes run it: the file as it is, or versions of it, each read and rendered once for all lanes
 * that run it. Why one cannot be run is shown in those lanes; of the file, above them all.
 */
export class LanePrompts {
  readonly #surroundings: SessionSurroundings;
  readonly #panel: ShownPanel;
  /** The values of the last run in this window; absent before it, when Run asks although the history knows some. */
  values: VariableValues | undefined;

  constructor(surroundings: SessionSurroundings, panel: ShownPanel) {
    this.#surroundings = surroundings;
    this.#panel = panel;
  }

  /** Reads the file and the versions that the panel's lanes run, or these, and shows them or why they cannot be read. */
  async open(more: readonly LaneChoice[] = []): Promise<ByVersion<OpenedPrompt>> {
    const { state, change, changeLane } = this.#panel;
    const versions = [...state().lanes, ...more].map(({ promptVersion }) => promptVersion);
    const opened = await forEachVersion([null, ...versions], (version) => this.#read(version));
    const prompt = this.#viewOf(opened, state());
    if (prompt) change({ prompt });
    for (const { id, promptVersion, version } of state().lanes) {
      const read = promptVersion === null ? undefined : opened.get(promptVersion);
      if (read?.status !== 'fulfilled') continue;
      changeLane(id, { version: this.#versionView(read.value), ...(version ? {} : { problem: null }) });
    }
    this.#tell(new Map([...opened].filter(([version]) => version !== null)));
    return opened;
  }

  /**
   * The runs that these values make in lanes. Several versions get the same values: a default of one stands for all.
   * @throws Blocked when one of them lacks a value.
   */
  async prepare(values: VariableValues, lanes: readonly LaneChoice[]): Promise<ByVersion<PreparedRun>> {
    if (!workspace.isTrusted) throw new Blocked(untrusted);
    const opened = only(await this.open(lanes), lanes);
    const fields = fieldsOf(opened);
    const shared = opened.size > 1 ? { ...defaultsOf(fields), ...values } : values;
    await throwIfMissing(fulfilledIn(opened), shared);
    const runs = await forEachVersion(opened.keys(), async (version) => {
      const prompt = resultOf(opened, version);
      return prompt.prepare(valuesFor(prompt, fields, shared), this.#modelIdIn(prompt));
    });
    const rendered = fulfilledIn(runs).map(({ input }) => input.variables);
    const { prompt } = this.#panel.state();
    if (prompt && rendered.length > 0) {
      this.values = values;
      const shown = Object.assign({}, ...rendered) as VariableValues;
      this.#panel.change({ problem: null, prompt: { ...prompt, values: shown } });
    }
    this.#tell(runs);
    return runs;
  }

  /** The same runs, once the budget lets them start in these lanes. @throws Blocked when it does not. */
  async withinBudget(
    runs: ByVersion<PreparedRun>,
    lanes: readonly LaneChoice[],
  ): Promise<ByVersion<PreparedRun>> {
    const readable = lanes.flatMap((lane) => {
      const run = runs.get(lane.promptVersion);
      if (run?.status !== 'fulfilled') return [];
      return Array.from({ length: lane.sampleCount ?? 1 }, () => laneRun(run.value, lane));
    });
    await this.#surroundings.holdToBudget(readable);
    return runs;
  }

  async #read(version: string | null): Promise<OpenedPrompt> {
    const { openPrompt } = await import('../core/run/prepareRun.ts');
    return openPrompt(await laneSourceOf(this.#panel.uri(), version, this.#surroundings.versions));
  }

  #tell(results: ByVersion<unknown>): void {
    for (const [version, result] of results) {
      if (result.status === 'fulfilled') continue;
      this.#surroundings.log.error(messageOf(result.reason));
      const problem = problemOf(result.reason);
      if (version === null) this.#panel.change({ problem });
      for (const { id, promptVersion } of this.#panel.state().lanes) {
        if (version !== null && promptVersion === version) this.#panel.changeLane(id, { problem });
      }
    }
  }

  /** One form for what the lanes run. A file that cannot be read stays as it is shown while lanes run its versions. */
  #viewOf(opened: ByVersion<OpenedPrompt>, { prompt, lanes }: PanelState): PromptView | undefined {
    const file = opened.get(null);
    const run = only(opened, lanes);
    const fields = fieldsOf(run);
    if (file?.status !== 'fulfilled') return prompt && !run.has(null) ? { ...prompt, fields } : undefined;
    const { description } = file.value.frontMatter;
    return {
      ...this.#setupOf(file.value),
      // A version of the past is opened from an address of its own, and its panel comes back there.
      uri: this.#panel.uri().toString(),
      ...(description === undefined ? {} : { description }),
      fields,
      values: this.values ?? newestRun(lanes)?.variables ?? prompt?.values ?? {},
    };
  }

  #versionView(opened: OpenedPrompt): VersionView {
    const { version } = opened.reference;
    // It may not be known yet; see `Session.nameVersions`.
    const name = this.#surroundings.versions.nameOf(promptUriOf(this.#panel.uri()), version);
    return { ...this.#setupOf(opened), label: name ?? shortVersion(version) };
  }

  #setupOf(opened: OpenedPrompt): Required<Omit<PromptSetup, 'isChat'>> {
    const { name, version } = opened.reference;
    const { responseFormat } = opened;
    const settings = {
      ...settingsOf(opened.frontMatter.config).settings,
      ...(responseFormat ? { responseFormat } : {}),
    };
    return { name, version, modelId: this.#modelIdIn(opened), settings };
  }

  #modelIdIn({ frontMatter }: OpenedPrompt): string {
    return frontMatter.model ?? this.#surroundings.settings().defaultModel;
  }
}

async function throwIfMissing(prompts: readonly OpenedPrompt[], values: VariableValues): Promise<void> {
  const { missingIn } = await import('../core/run/prepareRun.ts');
  const missing = [...new Set(prompts.flatMap((prompt) => missingIn(prompt, values)))];
  if (missing.length === 0) return;
  const names = missing.map((name) => `“${name}”`).join(', ');
  throw new Blocked({ message: `Give a value to ${names}, then run.`, missing });
}

/** One form for all versions that could be read. */
function fieldsOf(opened: ByVersion<OpenedPrompt>): readonly VariableField[] {
  return jointFields(fulfilledIn(opened).map(({ fields }) => fields));
}

/** A variable that only another version has is none of this one's. */
function valuesFor(
  { fields }: OpenedPrompt,
  all: readonly VariableField[],
  values: VariableValues,
): VariableValues {
  const own = new Set(fields.map(({ name }) => name));
  const others = new Set(all.map(({ name }) => name).filter((name) => !own.has(name)));
  return Object.fromEntries(Object.entries(values).filter(([name]) => !others.has(name)));
}

function defaultsOf(fields: readonly VariableField[]): VariableValues {
  return Object.fromEntries(
    fields.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])),
  );
}
