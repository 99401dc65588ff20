/** Knows whether the running code is inside an open transaction, to name a mistake instead of hanging on it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseUsageError } from './errors.ts';

interface Scope {
  open: boolean;
}

export class TransactionScope {
  readonly #scopes = new AsyncLocalStorage<Scope>();

  assertOutside(): void {
    if (this.#scopes.getStore()?.open)
      throw new DatabaseUsageError('a transaction is open here; use its tx instead of the database');
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    this.assertOutside();
    const scope: Scope = { open: true };
    try {
      return await this.#scopes.run(scope, work);
    } finally {
      scope.open = false;
    }
  }
}
