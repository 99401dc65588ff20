/** Asking for guidance: lines come as the answer is made; each is checked before it is shown. */
import { type GuidanceQuestion, GuidanceEvent, readerFor } from '@truecount/protocol';
import { tell, Unreachable } from '@truecount/screens/request';

const readEvent = readerFor(GuidanceEvent);
const PATH = '/api/guidance';
const TIMEOUT_MS = 70_000;

export async function askGuidance(
  question: GuidanceQuestion,
  signal: AbortSignal,
  onEvent: (event: GuidanceEvent) => void,
): Promise<void> {
  let isWhole = false;
  try {
    const response = await fetch(PATH, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(question),
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (!response.ok || response.body === null) throw new Unreachable(PATH, response.status);
    let rest = '';
    for await (const chunk of chunksOf(response.body)) {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const parsed = readEvent(JSON.parse(line));
        if (!parsed.ok) throw new Error(`an answer is not understood: ${parsed.problem}`);
        if (parsed.value.type === 'advice') isWhole = true;
        onEvent(parsed.value);
      }
    }
  } catch (error) {
    if (signal.aborted || error instanceof Unreachable) throw error;
    throw new Unreachable(PATH, error);
  }
  if (!isWhole) throw new Unreachable(PATH, 'the answer broke off');
}

async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

export const judgeGuidance = (id: string, right: boolean): Promise<void> =>
  tell(`${PATH}/${encodeURIComponent(id)}/verdict`, { method: 'POST', body: { right } });
