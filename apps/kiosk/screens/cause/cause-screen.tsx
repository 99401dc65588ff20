/**
 * Asked once, after a count that differs from a doubted record: what was it? The likeliest causes come first, one touch
 * answers, one touch passes. Never in the way: the count is saved already.
 */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { StockCause } from '@truecount/protocol';
import { Button } from 'react-aria-components';
import { Navigate, useNavigate, useParams } from 'react-router';
import { agent } from '../api/client.ts';
import { causeQuery } from '../api/queries.ts';
import { Screen } from '../shell/frame.tsx';
import { useReport } from '../shell/use-report.ts';
import { Waiting } from '../shell/waiting.tsx';
import { useWords } from '../words/use-words.ts';
import { causeIcons } from './cause-words.ts';

export function CauseScreen() {
  const { id = '' } = useParams();
  const { t } = useWords();
  const navigate = useNavigate();
  const report = useReport();
  const { data, isError } = useQuery(causeQuery(id));
  const leave = (): void => void navigate('/now', { replace: true });
  const say = useMutation({
    mutationFn: (cause: StockCause) => agent.sayCause(id, cause),
    onSuccess: (_, cause) => {
      report.done(t('cause.saved', { what: t(`cause.${cause}`) }), id);
      leave();
    },
    onError: report.problem,
  });
  // The count is saved; a question that cannot be asked is not worth a message.
  if (isError) return <Navigate to="/now" replace />;
  if (!data) return <Waiting title={t('cause.title')} testId="cause-screen" />;
  return (
    <Screen
      title={t('cause.title')}
      testId="cause-screen"
      aside={
        <Button className="button quiet" data-testid="cause-pass" onPress={leave}>
          {t('cause.pass')}
        </Button>
      }
    >
      <p className="cause-what" data-testid="cause-what">
        {data.product.name}
      </p>
      <p className="cause-why">{t('cause.why')}</p>
      <div className="causes">
        {data.causes.map((cause) => {
          const Icon = causeIcons[cause];
          return (
            <Button
              key={cause}
              className="button quiet big cause"
              data-testid={`cause-${cause}`}
              aria-pressed={data.found === cause}
              isDisabled={say.isPending}
              onPress={() => say.mutate(cause)}
            >
              <Icon aria-hidden size={30} strokeWidth={1.75} />
              {t(`cause.${cause}`)}
            </Button>
          );
        })}
      </div>
    </Screen>
  );
}
