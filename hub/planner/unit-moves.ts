/** Single units on a lane for one SKU: what one is worth there, one more, one less. The flow stays optimal. */
import { type FlowSearch, TINY } from './flow-search.ts';
import { type FlowState, via } from './flow-state.ts';

/** One unit more over a pair gains at most this, one less loses at least this. */
export function unitWorth({ network, potential }: FlowState, pair: number): number {
  const { pairFrom, pairClass, pairLane, nodeCount, lanes } = network;
  const to = potential[nodeCount + (pairClass[pair] as number)] as number;
  const from = potential[pairFrom[pair] as number] as number;
  return to - from - (lanes.perUnit[pairLane[pair] as number] as number);
}

/** One unit more over a pair, if that pays. Otherwise the potentials are such that they prove it. */
export function addUnit({ state, paths }: FlowSearch, pair: number): boolean {
  const { pairFrom, pairClass, nodeCount } = state.network;
  const from = pairFrom[pair] as number;
  const to = nodeCount + (pairClass[pair] as number);
  const gain = (): number => unitWorth(state, pair);
  if (gain() <= TINY) return false;
  // Each search makes what it finds free of cost, so that whatever gain is left then is certain.
  paths.toRoot(to, gain());
  if (gain() <= TINY) return false;
  paths.fromRoot(from, gain());
  if (gain() <= TINY) return false;
  state.record(via.lane, pair, 1);
  paths.toRoot(to, Number.POSITIVE_INFINITY);
  paths.send();
  paths.fromRoot(from, Number.POSITIVE_INFINITY);
  paths.send();
  return true;
}

/** Takes one unit off a pair, the cheapest way. The pair's own arc must be unusable by now. */
export function sendElsewhere({ state, paths }: FlowSearch, pair: number): void {
  const { pairFrom, pairClass, nodeCount } = state.network;
  state.record(via.lane, pair, -1);
  paths.toRoot(pairFrom[pair] as number, Number.POSITIVE_INFINITY);
  paths.send();
  paths.fromRoot(nodeCount + (pairClass[pair] as number), Number.POSITIVE_INFINITY);
  paths.send();
}
