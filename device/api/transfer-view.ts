/** A transfer as this store sees it: its side, what it may do next, and whether a manager has to decide. */
import { type Transfer, transferStage, type TransferView } from '@truecount/protocol';
import { awaitsDecision, limitProblem, nextStep, sideOf } from '../documents/index.ts';
import type { AgentPort } from './ports.ts';
import { productMatch } from './products.ts';

export const outageMs = (agent: AgentPort): number | undefined => {
  const sync = agent.sync();
  return sync.online ? undefined : Math.max(0, agent.clock.now() - Date.parse(sync.since));
};

export function transferView(agent: AgentPort, transfer: Transfer): TransferView | undefined {
  const store = agent.store.id;
  const side = sideOf(transfer, store);
  if (side === undefined) return undefined;
  const step = nextStep(transfer, store);
  const decides = awaitsDecision(transfer, store, agent.clock.now());
  const { bundle } = agent.policy();
  const blocked = decides ? limitProblem(transfer, 1, { bundle, outageMs: outageMs(agent) }) : undefined;
  const { product, record, confidence } = productMatch(agent, transfer.sku);
  return {
    transfer,
    stage: transferStage(transfer),
    side,
    next: step === undefined ? [] : [step],
    awaitsDecision: decides,
    ...(blocked === undefined ? {} : { blocked }),
    product: product.name === transfer.sku ? { ...product, name: transfer.name } : product,
    record,
    confidence,
  };
}
