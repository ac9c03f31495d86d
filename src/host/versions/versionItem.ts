import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { formatAge, formatCount, formatUsd } from '../../core/format.ts';
import type { Commit, PromptVersion, VersionName } from '../../core/prompt/versionList.ts';
import { shortVersion } from '../../core/prompt/versions.ts';
import type { VersionRuns } from '../../core/prompt/versionStore.ts';

/** What a version is called in one word: its first name, or its commit, or the beginning of its hash. */
export function nameOfVersion({ names, commits, version }: PromptVersion): string {
  return names[0]?.name ?? commits[0]?.id.slice(0, 7) ?? shortVersion(version);
}

/** How a version looks in the Versions view. `hasGit`: whether it could have been committed. */
export function versionItem(entry: PromptVersion, hasGit: boolean, now: number): TreeItem {
  const { version, commits, names, isWorkingCopy } = entry;
  const { Collapsed, None } = TreeItemCollapsibleState;
  const item = new TreeItem(labelOfVersion(entry), entry.runs ? Collapsed : None);
  item.id = version;
  item.iconPath = iconOf(entry);
  item.description = detailsOfVersion(entry, hasGit, now);
  item.tooltip = tooltipOf(entry, now);
  const has = (what: string, whether: boolean): string => (whether ? what : `no-${what}`);
  item.contextValue = [
    'version',
    has('working', isWorkingCopy),
    has('commit', commits.length > 0),
    has('tag', names.some(({ kind }) => kind === 'tag')), // prettier-ignore
  ].join(' ');
  return item;
}

/** The beginning of its line. The working copy is called that even where it has names or is committed. */
export function labelOfVersion(entry: PromptVersion): string {
  return entry.isWorkingCopy ? 'Working copy' : titleOf(entry);
}

/** What the label leaves out: runs, age, author and commit, in one line. */
export function detailsOfVersion(entry: PromptVersion, hasGit: boolean, now: number): string {
  const { isWorkingCopy, isStaged, commits, names, at, runs } = entry;
  const [commit] = commits;
  const uncommitted = isStaged ? 'staged' : 'not committed';
  return [
    isWorkingCopy && (commit || names.length > 0) ? titleOf(entry) : '',
    isWorkingCopy && !commit && hasGit ? uncommitted : '',
    runs && runsInWords(runs),
    at === undefined ? '' : formatAge(at, now),
    commit && `${commit.author} · ${commit.id.slice(0, 7)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `3 runs, $0.012`, and how the last one ended where it did not end well. */
function runsInWords({ count, cost, isCostPartial, last }: VersionRuns): string {
  const runs = `${formatCount(count)} ${count === 1 ? 'run' : 'runs'}`;
  const known = cost === undefined ? '' : `, ${isCostPartial ? '> ' : ''}${formatUsd(cost)}`;
  const ended = last.status === 'finished' ? '' : `, ${count === 1 ? '' : 'last one '}${last.status}`;
  return runs + known + ended;
}

/** Its names, then the subject of its newest commit, or where else it comes from. */
function titleOf({ names, commits, runs, isStaged, isWorkingCopy }: PromptVersion): string {
  const kind = isStaged ? 'Staged' : runs ? 'Only run' : 'Never committed';
  const subject = commits[0] ? commits[0].subject || '(no subject)' : kind;
  const isNamed = names.length > 0;
  return [
    ...names.map(({ name }) => name),
    ...(isWorkingCopy && isNamed && !commits[0] ? [] : [subject]),
  ].join(' · ');
}

function iconOf({ isWorkingCopy, isStaged, commits, names }: PromptVersion): ThemeIcon {
  if (isWorkingCopy) return new ThemeIcon('edit', new ThemeColor('charts.blue'));
  if (names.some(({ kind }) => kind !== 'label')) return new ThemeIcon('tag');
  if (isStaged) return new ThemeIcon('diff-added');
  return new ThemeIcon(commits.length > 0 ? 'git-commit' : 'history');
}

function tooltipOf(entry: PromptVersion, now: number): MarkdownString {
  const { version, commits, names, runs, isWorkingCopy, isStaged } = entry;
  const text = new MarkdownString();
  const line = (words: string): void => void text.appendText(words).appendMarkdown('\n\n');
  if (isWorkingCopy) line('What the file holds now.');
  else if (isStaged) line('Staged: the next commit takes it.');
  else if (commits.length === 0) line(runs ? 'Was run, and never committed.' : 'Was never run or committed.');
  for (const name of names) line(nameInWords(name));
  for (const commit of commits.slice(0, shownCommits)) line(commitInWords(commit, now));
  if (commits.length > shownCommits) line(`and ${formatCount(commits.length - shownCommits)} more commits`);
  if (runs) {
    line(`${runsInWords(runs)}; last run ${formatAge(runs.last.startedAt, now)}, ${runs.last.status}`);
    if (runs.isCostPartial) line('The cost of some runs is unknown.');
  }
  line(`Version ${shortVersion(version)}`);
  return text;
}

/** So many commits of one text are named in full. */
const shownCommits = 5;

function nameInWords(name: VersionName): string {
  switch (name.kind) {
    case 'tag':
      return name.note === '' ? `Your tag ${name.name}` : `Your tag ${name.name}: ${name.note}`;
    case 'git-tag':
      return `Tag ${name.name} in git`;
    case 'label':
      return `version: ${name.name} begins here`;
    default:
      return name satisfies never;
  }
}

function commitInWords({ id, author, at, subject }: Commit, now: number): string {
  const date = new Date(at).toLocaleString();
  return `${id.slice(0, 7)} ${subject}\n${author}, ${formatAge(at, now)} (${date})`;
}
