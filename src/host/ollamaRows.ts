import { formatBytes } from '../core/format.ts';
import type { LoadedModel } from '../providers/ollama/ollama.ts';

/** `in memory, 5.2 GB, until 15:04`. */
export function loadedSummary({ sizeBytes, expiresAt }: LoadedModel): string {
  return ['in memory', formatBytes(sizeBytes), expiresAt && stays(expiresAt)].filter(Boolean).join(', ');
}

/** How a model lies in memory, as sentences. */
export function loadedDetails({ sizeBytes, vramBytes, expiresAt }: LoadedModel): string {
  const share =
    vramBytes === 0
      ? ', none of it on a graphics card'
      : vramBytes < sizeBytes
        ? `, ${formatBytes(vramBytes)} of it on the graphics card`
        : ', all of it on the graphics card';
  const end = expiresAt ? ` It stays ${stays(expiresAt)} unless it is called again.` : '';
  return `In memory: ${formatBytes(sizeBytes)}${share}.${end}`;
}

/** A model that is to stay for ever has a date that nobody will see. */
function stays(expiresAt: Date): string {
  const ms = expiresAt.getTime() - Date.now();
  if (ms > 365 * dayMs) return 'for good';
  const time = expiresAt.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return ms < dayMs ? `until ${time}` : `until ${expiresAt.toLocaleDateString('en-CA')} ${time}`;
}

const dayMs = 24 * 60 * 60 * 1000;
