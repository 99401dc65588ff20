/** The built console from a folder; every address that is no file is the console's own (its router's). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { problemOf } from './problem.ts';

const NO_CONSOLE =
  '<!doctype html><title>Truecount</title><p>The hub runs, but its console is not built. ' +
  'Run <code>npm run build</code> in the repository, or set <code>consoleFolder</code> in the config.';

/** Vite names these files after their content. */
const isHashed = (path: string): boolean => path.includes('/assets/');

export async function installConsole(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const hasConsole = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (hasConsole)
    await app.register(fastifyStatic, {
      root: folder,
      index: ['index.html'],
      setHeaders: (reply, path) => {
        void reply.header(
          'cache-control',
          isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
        );
      },
    });
  else
    app.get('/', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/html').send(NO_CONSOLE),
    );
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const isPage = request.method === 'GET' && !path.startsWith('/api') && !path.includes('.');
    if (isPage && hasConsole) return reply.sendFile('index.html');
    const problem = problemOf(
      404,
      'E_NO_SUCH_ADDRESS',
      `there is nothing at ${request.method} ${path.slice(0, 200)}`,
    );
    return reply.code(404).type('application/problem+json').send(JSON.stringify(problem));
  });
}
