/**
 * `fetch` for a call that asks for a stream. A server that does not stream, as some gateways do not, answers with one JSON
 * text: it becomes a stream of one event, which says `object: "chat.completion"` where a piece of a stream says
 * `chat.completion.chunk`.
 */
export function streamedFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (!response.headers.get('content-type')?.startsWith('application/json')) return response;
    // A line of an event ends at the first line end, of which JSON needs none.
    const text = (await response.text()).replaceAll(/[\r\n]+/g, ' ');
    return new Response(`data: ${text}\n\n`, {
      status: response.status,
      headers: { 'content-type': 'text/event-stream' },
    });
  };
}
