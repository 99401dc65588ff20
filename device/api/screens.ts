/** The built kiosk screens from a folder; every address that is no file is the screens' own (their router's). */
import fastifyStatic from '@fastify/static';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { problemOf } from './problem.ts';

const NO_SCREENS =
  '<!doctype html><title>Truecount</title><p>The store agent runs, but its screens are not built. ' +
  'Run <code>npm run build</code> in the repository, or set <code>screensFolder</code> in the config.';

/** Vite names these files after their content. */
const isHashed = (path: string): boolean => path.includes('/assets/');

export async function installScreens(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const hasScreens = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (hasScreens)
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
  else app.get('/', async (_request, reply) => reply.type('text/html').send(NO_SCREENS));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    const isPage = request.method === 'GET' && !path.startsWith('/api') && !path.includes('.');
    if (isPage && hasScreens) return reply.sendFile('index.html');
    const problem = problemOf(404, 'E_NO_SUCH_ADDRESS', `there is nothing at ${request.method} ${path}`);
    return reply.code(404).type('application/problem+json').send(JSON.stringify(problem));
  });
}
