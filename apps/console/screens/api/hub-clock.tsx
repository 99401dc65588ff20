/** The hub's time, for everything the console says about when. */
import { useQuery } from '@tanstack/react-query';
import { ShownClock } from '@truecount/screens/clock';
import type { ReactNode } from 'react';
import { sessionQuery } from './queries.ts';

export function HubClock({ children }: { readonly children: ReactNode }) {
  const { data, dataUpdatedAt } = useQuery(sessionQuery);
  return (
    <ShownClock said={data?.now} saidAt={dataUpdatedAt}>
      {children}
    </ShownClock>
  );
}
