/**
 * The entry of the process of one download, forked by `node/downloadProcess.ts`. It is apart from the runtime's, so
 * that a model that crashes takes no download with it.
 */
import { asLlmError } from '../core/errors.ts';
import type { DownloadOrder, DownloadReply, DownloadRequest } from './downloadProtocol.ts';
import { downloadModel, fetchError } from './modelDownload.ts';

const stop = new AbortController();

process.on('message', (request: DownloadRequest) => {
  switch (request.type) {
    case 'start':
      void start(request.order);
      break;
    case 'pause':
      stop.abort();
      break;
    default:
      request satisfies never;
  }
});

// The host is gone; what has come lies on the disk.
process.on('disconnect', () => process.exit());

async function start(order: DownloadOrder): Promise<void> {
  // Writes that the library does not wait for, such as to a disk that is full.
  process.on('unhandledRejection', (error) =>
    end({ type: 'error', error: fetchError(error, order.endpoint).toData() }),
  );
  try {
    const path = await downloadModel(order, send, stop.signal);
    end({ type: 'done', path });
  } catch (error) {
    if (stop.signal.aborted) end({ type: 'paused' });
    else end({ type: 'error', error: asLlmError(error).toData() });
  }
}

function send(reply: DownloadReply): void {
  process.send?.(reply);
}

/** The last message; open connections must not keep the process running after it. */
function end(reply: DownloadReply): void {
  process.send?.(reply, () => process.exit());
}
