/** Tasks done, dismissed and taken back at a screen. */
import { type Accepted, instant, type Task, taskIsOpen, type TaskDoneRequest } from '@truecount/protocol';
import type { AgentPort } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { commit } from './commit.ts';

export async function taskDone(
  agent: AgentPort,
  taskId: string,
  request: TaskDoneRequest,
  by: string,
): Promise<Accepted> {
  const task = await taskOf(agent, taskId);
  const at = instant(agent.clock.now());
  if (task.kind === 'ship' || task.kind === 'receive')
    throw new ProblemError(
      409,
      'E_TRANSFER_STEP',
      'this task is done by its transfer: pick, ship or receive it there',
    );
  if (task.kind === 'count' || task.kind === 'pick') {
    if (request.qty === undefined || task.sku === undefined)
      throw new ProblemError(422, 'E_QUANTITY', 'say how many were found');
    await commit(
      agent,
      request.id,
      observationOf(task, task.sku, request.qty, { at, by }),
      `task ${task.id}`,
    );
  }
  await markDone(agent, taskId, { by, ...(request.qty === undefined ? {} : { qty: request.qty }) });
  await agent.settle(task.sku === undefined ? [] : [task.sku]);
  return { id: request.id, committedAt: at };
}

function observationOf(task: Task, sku: string, qty: number, { at, by }: { at: string; by: string }) {
  if (task.kind === 'count') return { type: 'count', t: at, sku, qty, by } as const;
  const requested = task.qty ?? qty;
  return {
    type: 'pick',
    t: at,
    sku,
    requested,
    found: qty,
    ...(task.order === undefined ? {} : { order: task.order }),
  } as const;
}

export async function dismissTask(
  agent: AgentPort,
  taskId: string,
  reason: string,
  by: string,
): Promise<Accepted> {
  const task = await taskOf(agent, taskId);
  const at = instant(agent.clock.now());
  if (task.dismissed !== undefined) return { id: taskId, committedAt: task.dismissed.at };
  if (!taskIsOpen(task)) throw new ProblemError(409, 'E_TASK_OVER', 'this task is already over');
  await patch(agent, taskId, (known) =>
    taskIsOpen(known) ? { ...known, dismissed: { at, by, reason } } : known,
  );
  return { id: taskId, committedAt: at };
}

/** Marks an open task done; one that is over already stays as it is. */
export async function markDone(
  agent: AgentPort,
  taskId: string,
  done: { readonly by: string; readonly qty?: number },
): Promise<void> {
  const at = instant(agent.clock.now());
  await patch(agent, taskId, (task) => (taskIsOpen(task) ? { ...task, done: { at, ...done } } : task));
}

/** Opens a task again that was done or dismissed by mistake. */
export async function reopenTask(agent: AgentPort, taskId: string): Promise<void> {
  await patch(agent, taskId, (task) => {
    const { done: _done, dismissed: _dismissed, ...open } = task;
    return open;
  });
}

async function patch(agent: AgentPort, taskId: string, change: (task: Task) => Task): Promise<void> {
  const document = await agent.collections.tasks.findOne(taskId).exec();
  await document?.incrementalModify((task) => change(task));
}

async function taskOf(agent: AgentPort, taskId: string): Promise<Task> {
  const document = await agent.collections.tasks.findOne(taskId).exec();
  if (document === null)
    throw new ProblemError(404, 'E_UNKNOWN_TASK', `there is no task ${taskId}; load the list again`);
  return document.toJSON();
}
