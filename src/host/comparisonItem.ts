import { MarkdownString, ThemeIcon, TreeItem } from 'vscode';
import { shortVersion } from '../core/prompt/versions.ts';
import type { NamedComparison } from '../core/run/namedComparison.ts';
import type { LaneChoice } from '../core/run/overrides.ts';

/** How a named comparison looks below its prompt in the Prompts view. */
export function comparisonItem(comparison: NamedComparison): TreeItem {
  const { id, name, lanes } = comparison;
  const item = new TreeItem(name);
  item.id = `comparison ${id}`;
  item.iconPath = new ThemeIcon('split-horizontal');
  item.contextValue = 'comparison';
  item.description = lanes.length === 1 ? '1 lane' : `${lanes.length} lanes`;
  item.command = {
    command: 'llmPlayground.openComparison',
    title: 'Open Comparison',
    arguments: [{ type: 'comparison', comparison }],
  };
  const tooltip = new MarkdownString();
  for (const lane of lanes) tooltip.appendText(laneInWords(lane)).appendMarkdown('\n\n');
  item.tooltip = tooltip;
  return item;
}

/** Its lanes in one line. */
export function comparisonInWords({ lanes }: NamedComparison): string {
  return lanes.map(laneInWords).join(' · ');
}

function laneInWords({ modelId, settings, promptVersion, sampleCount = 1 }: LaneChoice): string {
  const own = Object.entries(settings).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`],
  );
  return [
    modelId ?? 'the prompt’s model',
    ...(promptVersion === null ? [] : [`version ${shortVersion(promptVersion)}`]),
    ...own,
    ...(sampleCount > 1 ? [`${sampleCount} samples`] : []),
  ].join(', ');
}
