import type { ComponentChildren, VNode } from 'preact';

interface ChartSectionProps {
  readonly title: string;
  /** What is said of the bar that was chosen, or how to choose one. */
  readonly readout: string;
  /** All that the bars show, in figures. */
  readonly table: VNode;
  readonly children: ComponentChildren;
}

/** A chart with its title, what is read out of it, and a table behind it. */
export function ChartSection({ title, readout, table, children }: ChartSectionProps): VNode {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {children}
      <p class="readout" aria-hidden="true">
        {readout}
      </p>
      <details>
        <summary aria-label={`${title}, as a table`}>As a table</summary>
        {table}
      </details>
    </section>
  );
}
