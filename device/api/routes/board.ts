/** The manager's board. */
import type { FastifyInstance } from 'fastify';
import { boardView } from '../board-view.ts';
import { type ApiContext, managerOf } from '../context.ts';

export function installBoardRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get('/api/board', (request) => {
    managerOf(context, request);
    return boardView(context.agent);
  });
}
