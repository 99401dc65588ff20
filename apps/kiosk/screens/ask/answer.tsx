/** An answer as it comes: the sentence, its steps, the procedure it rests on one touch away, and whether it was right. */
import { useMutation } from '@tanstack/react-query';
import { BookOpen, ThumbsDown, ThumbsUp } from 'lucide-react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { judgeGuidance } from '../api/guidance.ts';
import { useReport } from '../shell/use-report.ts';
import { useWords } from '../words/use-words.ts';
import type { AnswerSoFar } from './answer-so-far.ts';

interface AnswerProps {
  readonly answer: AnswerSoFar;
  readonly onAgain: () => void;
}

export function Answer({ answer, onAgain }: AnswerProps) {
  const { t } = useWords();
  const { state, text, steps, sources, abstained } = answer;
  if (state === 'failed')
    return (
      <div className="panel ask-answer" data-testid="answer">
        <p className="ask-said" role="alert">
          {t('ask.failed')}
        </p>
        <Button className="button primary" onPress={onAgain}>
          {t('ask.again')}
        </Button>
      </div>
    );
  return (
    <article
      className="panel ask-answer"
      data-testid="answer"
      data-state={state}
      aria-label={t('ask.answer')}
    >
      <p className="ask-said" aria-live="polite" data-testid="answer-said" lang="en">
        {abstained ? t('ask.abstained') : text === '' ? t('ask.coming') : text}
      </p>
      {steps.length > 0 && (
        <ol className="ask-steps" data-testid="answer-steps" lang="en">
          {steps.map((step) => (
            <li key={step.id}>{step.text}</li>
          ))}
        </ol>
      )}
      {sources.map((source) => (
        <Disclosure key={source.id} className="ask-source">
          <Heading level={3}>
            <Button slot="trigger" className="button quiet" data-testid="answer-source">
              <BookOpen aria-hidden size={24} strokeWidth={1.75} />
              {t('ask.source')}
            </Button>
          </Heading>
          <DisclosurePanel className="ask-paragraphs" lang="en">
            <p className="ask-source-title">
              {source.title} · {source.heading}
              <span className="product-code">{`${source.id} v${source.version}`}</span>
            </p>
            {source.paragraphs.map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </DisclosurePanel>
        </Disclosure>
      ))}
      {state === 'whole' && <Verdict answer={answer} />}
    </article>
  );
}

function Verdict({ answer }: { readonly answer: AnswerSoFar }) {
  const { t } = useWords();
  const report = useReport();
  const verdict = useMutation({
    mutationFn: (right: boolean) => judgeGuidance(answer.id, right),
    onError: report.problem,
  });
  const by = answer.model ?? t('ask.no-model');
  return (
    <footer className="ask-verdict">
      {verdict.isSuccess ? (
        <output data-testid="verdict-thanks">{t('ask.thanks')}</output>
      ) : (
        <>
          <span id={`right-${answer.id}`}>{t('ask.was-it-right')}</span>
          <span className="ask-verdict-buttons">
            <Button
              className="button quiet"
              data-testid="verdict-right"
              aria-describedby={`right-${answer.id}`}
              isDisabled={verdict.isPending}
              onPress={() => verdict.mutate(true)}
            >
              <ThumbsUp aria-hidden size={24} strokeWidth={1.75} />
              {t('ask.right')}
            </Button>
            <Button
              className="button quiet"
              data-testid="verdict-wrong"
              aria-describedby={`right-${answer.id}`}
              isDisabled={verdict.isPending}
              onPress={() => verdict.mutate(false)}
            >
              <ThumbsDown aria-hidden size={24} strokeWidth={1.75} />
              {t('ask.wrong')}
            </Button>
          </span>
        </>
      )}
      <small className="ask-by">{t('ask.by', { model: by })}</small>
    </footer>
  );
}
