/** The agent's API as the screens use it: one function per call, every answer checked against the contract. */
import {
  Accepted,
  BoardView,
  CauseQuestion,
  CountAccepted,
  type DecisionRequest,
  HealthView,
  newId,
  NowView,
  ProductMatch,
  ProductView,
  readerFor,
  SessionView,
  type ShelfVerdict,
  ShelfView,
  type SetUpRequest,
  SetUpView,
  type StepRequest,
  type StockCause,
  TransferView,
} from '@truecount/protocol';
import { ask, listOf, tell } from '@truecount/screens/request';

const readNow = readerFor(NowView);
const readMatch = readerFor(ProductMatch);
const readProduct = readerFor(ProductView);
const readTransfer = readerFor(TransferView);
const readSession = readerFor(SessionView);
const readBoard = readerFor(BoardView);
const readHealth = readerFor(HealthView);
const readSetUp = readerFor(SetUpView);
const readAccepted = readerFor(Accepted);
const readCounted = readerFor(CountAccepted);
const readCause = readerFor(CauseQuestion);

const readMatches = listOf(readMatch);
const readTransfers = listOf(readTransfer);
const readShelves = listOf(readerFor(ShelfView));
const at = (...parts: readonly string[]): string =>
  `/api/${parts.map((part) => encodeURIComponent(part)).join('/')}`;

/** Made here, so that a request that is sent again counts once. */
export const requestId = (): string => newId(Date.now());

export const agent = {
  now: (signal: AbortSignal) => ask(at('now'), readNow, { signal }),
  find: (text: string, signal: AbortSignal) =>
    ask(`/api/products?q=${encodeURIComponent(text)}`, readMatches, { signal }),
  product: (sku: string, signal: AbortSignal) => ask(at('products', sku), readProduct, { signal }),
  transfers: (signal: AbortSignal) => ask(at('transfers'), readTransfers, { signal }),
  shelf: (signal: AbortSignal) => ask(at('shelf'), readShelves, { signal }),
  judgeShelf: (camera: string, body: ShelfVerdict) =>
    ask(at('shelf', camera, 'verdict'), readAccepted, { method: 'POST', body }),
  session: (signal: AbortSignal) => ask(at('session'), readSession, { signal }),
  board: (signal: AbortSignal) => ask(at('board'), readBoard, { signal }),
  health: (signal: AbortSignal) => ask(at('health'), readHealth, { signal }),
  setUp: (signal: AbortSignal) => ask(at('setup'), readSetUp, { signal }),
  /** The hub is asked meanwhile, which may take longer than anything that is answered here. */
  enrol: (body: SetUpRequest) => ask(at('setup'), readSetUp, { method: 'POST', body, timeoutMs: 30_000 }),

  count: (body: { id: string; sku: string; qty: number; taskId?: string }) =>
    ask(at('counts'), readCounted, { method: 'POST', body }),
  seen: (body: { id: string; sku: string }) => ask(at('seen'), readAccepted, { method: 'POST', body }),
  promise: (body: { id: string; sku: string }) => ask(at('promises'), readAccepted, { method: 'POST', body }),
  taskDone: (taskId: string, body: { id: string; qty?: number }) =>
    ask(at('tasks', taskId, 'done'), readAccepted, { method: 'POST', body }),
  dismiss: (taskId: string, reason: string) =>
    ask(at('tasks', taskId, 'dismissed'), readAccepted, { method: 'POST', body: { reason } }),
  cause: (exceptionId: string, signal: AbortSignal) =>
    ask(at('exceptions', exceptionId, 'cause'), readCause, { signal }),
  sayCause: (exceptionId: string, cause: StockCause) =>
    ask(at('exceptions', exceptionId, 'cause'), readAccepted, { method: 'POST', body: { cause } }),
  undo: (id: string) => ask(at('undo'), readAccepted, { method: 'POST', body: { id } }),
  decide: (transferId: string, body: DecisionRequest) =>
    ask(at('transfers', transferId, 'decision'), readAccepted, { method: 'POST', body }),
  step: (transferId: string, body: StepRequest) =>
    ask(at('transfers', transferId, 'steps'), readAccepted, { method: 'POST', body }),
  signIn: (pin: string) => ask(at('session'), readSession, { method: 'POST', body: { pin } }),
  signOut: () => tell(at('session'), { method: 'DELETE' }),
};
