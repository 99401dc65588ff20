/** What to tell the person after something was done: that it is saved, with a way back, or why it is not. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { agent } from '../api/client.ts';
import { Unreachable } from '@truecount/screens/request';
import { useWords } from '../words/use-words.ts';
import { notify } from './notices.tsx';

interface Report {
  /** Saved on this device; `undoId` is the request that can be taken back. */
  readonly done: (text: string, undoId?: string) => void;
  readonly problem: (error: Error) => void;
}

export function useReport(): Report {
  const { t } = useWords();
  const queries = useQueryClient();
  const problem = (error: Error): void =>
    notify({
      tone: 'problem',
      text: error instanceof Unreachable ? t('notice.agent-away') : error.message,
    });
  const { mutate: undo } = useMutation({
    mutationFn: (id: string) => agent.undo(id),
    onSuccess: () => {
      notify({ tone: 'done', text: t('notice.undone') });
      void queries.invalidateQueries();
    },
    onError: problem,
  });
  return {
    done: (text, undoId) => {
      notify({ tone: 'done', text, ...(undoId ? { undo: () => undo(undoId) } : {}) });
      void queries.invalidateQueries();
    },
    problem,
  };
}
