import { useMutation, useQueryClient } from '@tanstack/react-query';
import { agent } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';

/** Ends the manager's session. The screen locks at once; the agent is told as soon as it answers. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: () => agent.signOut(),
    onMutate: () => queries.setQueryData(sessionQuery.queryKey, { signedIn: false }),
    onSettled: () => queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  return mutate;
}
