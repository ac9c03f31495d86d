/**
 * 20,000 damaged prompts, analyzed and rendered; the tests do 500 of them. It fails where one throws, evaluates anything
 * or takes longer than 50 ms a KB.
 */
import { fuzz } from '../core/prompt/damaged.ts';

const start = performance.now();
const { rounds, rendered, problems, slowestMsPerKb } = await fuzz(20_000, 1);
const seconds = (performance.now() - start) / 1000;
console.log(
  `  ${rounds} texts in ${seconds.toFixed(0)} s: ${rendered} rendered, ${problems} problems told, the slowest ${slowestMsPerKb.toFixed(1)} ms a KB (limit 50)`,
);
