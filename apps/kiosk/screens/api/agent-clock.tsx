/** The agent's time, for everything the screens say about when. */
import { useQuery } from '@tanstack/react-query';
import { ShownClock } from '@truecount/screens/clock';
import type { ReactNode } from 'react';
import { nowQuery } from './queries.ts';

export function AgentClock({ children }: { readonly children: ReactNode }) {
  const { data, dataUpdatedAt } = useQuery(nowQuery);
  return (
    <ShownClock said={data?.now} saidAt={dataUpdatedAt}>
      {children}
    </ShownClock>
  );
}
