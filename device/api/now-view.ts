/** What is most worth doing now: open tasks, most money per minute first, as people here have acted on such tasks. */
import {
  type Exception,
  instant,
  type NowCard,
  type NowView,
  type Task,
  taskIsOpen,
} from '@truecount/protocol';
import type { AgentPort } from './ports.ts';
import { awaitsDecision } from '../documents/index.ts';
import { believed, productRef } from './products.ts';

const MAX_CARDS = 50;

export async function nowView(agent: AgentPort): Promise<NowView> {
  const nowMs = agent.clock.now();
  const tasks = (await agent.collections.tasks.find().exec()).map((task) => task.toJSON() as Task);
  const open = (await ranked(agent, tasks.filter(taskIsOpen))).slice(0, MAX_CARDS);
  const transfers = await agent.collections.transfers.find().exec();
  return {
    store: { id: agent.store.id, name: agent.store.name },
    now: instant(nowMs),
    sync: agent.sync(),
    cards: await Promise.all(open.map((task) => cardOf(agent, task))),
    approvals: transfers.filter((transfer) =>
      awaitsDecision(transfer.toJSON() as Parameters<typeof awaitsDecision>[0], agent.store.id, nowMs),
    ).length,
  };
}

const perMinute = (task: Task): number => task.value.minor / Math.max(1, task.minutes);

async function ranked(agent: AgentPort, tasks: readonly Task[]): Promise<readonly Task[]> {
  const ids = tasks.flatMap(({ exceptionId }) => exceptionId ?? []);
  const reasons = await agent.collections.exceptions.findByIds(ids).exec();
  const worth = new Map(
    tasks.map((task) => {
      const reason = reasons.get(task.exceptionId ?? '')?.toJSON() as Exception | undefined;
      return [task.id, perMinute(task) * agent.attention(task, reason)];
    }),
  );
  const of = (task: Task): number => worth.get(task.id) ?? 0;
  return tasks.toSorted(
    (a, b) => of(b) - of(a) || a.dueAt.localeCompare(b.dueAt) || a.id.localeCompare(b.id),
  );
}

async function cardOf(agent: AgentPort, task: Task): Promise<NowCard> {
  const exception =
    task.exceptionId === undefined
      ? null
      : await agent.collections.exceptions.findOne(task.exceptionId).exec();
  const confidence = task.sku === undefined ? undefined : agent.belief().position(task.sku)?.confidence;
  const sure = exception?.confidence ?? confidence ?? 1;
  return {
    id: task.id,
    kind: task.kind,
    ...(task.sku === undefined ? {} : { product: productRef(agent, task.sku) }),
    ...(task.qty === undefined ? {} : { qty: task.qty }),
    ...(exception === null ? {} : { exceptionKind: exception.kind, exceptionId: exception.id }),
    ...(task.transferId === undefined ? {} : { transferId: task.transferId }),
    why:
      exception === null
        ? confidence === undefined
          ? []
          : [believed(confidence, instant(agent.clock.now()))]
        : [...exception.toJSON().evidence],
    ...(exception?.cause === undefined ? {} : { causes: [...(exception.toMutableJSON().cause ?? [])] }),
    confidence: sure,
    value: { ...task.value },
    minutes: task.minutes,
    dueAt: task.dueAt,
  };
}
