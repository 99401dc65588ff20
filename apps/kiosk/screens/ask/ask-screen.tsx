/** Ask: what the store's procedures say, on a card or in general. The usual questions are one touch away. */
import { useQuery } from '@tanstack/react-query';
import { MessageCircleQuestion } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { useNavigate, useSearchParams } from 'react-router';
import { nowQuery } from '../api/queries.ts';
import { headingOf } from '../now/card-words.ts';
import { BackButton } from '../now/task-screen.tsx';
import { Screen } from '../shell/frame.tsx';
import { useWords } from '../words/use-words.ts';
import { Answer } from './answer.tsx';
import { useGuidance } from './use-guidance.ts';

const onCard = ['ask.do', 'ask.why', 'ask.customer', 'ask.tell', 'ask.next', 'ask.leave'] as const;
const inGeneral = [
  'ask.spill',
  'ask.return',
  'ask.delivery',
  'ask.fridge',
  'ask.label',
  'ask.order',
] as const;
const MOST_LETTERS = 300;

export function AskScreen() {
  const words = useWords();
  const { t } = words;
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const exceptionId = search.get('exception') ?? undefined;
  const sku = search.get('sku') ?? undefined;
  const { data } = useQuery(nowQuery);
  const card = data?.cards.find((one) => one.exceptionId !== undefined && one.exceptionId === exceptionId);
  const { answer, ask } = useGuidance({
    ...(exceptionId === undefined ? {} : { exceptionId }),
    ...(sku === undefined ? {} : { sku }),
  });
  const [text, setText] = useState('');
  const usual = exceptionId === undefined ? inGeneral : onCard;
  return (
    <Screen
      title={card === undefined ? t('ask.title') : `${t('ask.title')}: ${headingOf(card, words)}`}
      testId="ask-screen"
      aside={search.size > 0 ? <BackButton onPress={() => void navigate(-1)} /> : undefined}
    >
      <div className="ask">
        <form
          className="panel ask-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== '') ask(text.trim());
          }}
        >
          <TextField className="ask-field" value={text} maxLength={MOST_LETTERS} onChange={setText}>
            <Label>{t('ask.question')}</Label>
            <Input className="ask-input" data-testid="ask-input" autoComplete="off" enterKeyHint="send" />
          </TextField>
          <Button className="button primary" type="submit" data-testid="ask-go">
            <MessageCircleQuestion aria-hidden size={24} strokeWidth={1.75} />
            {t('ask.go')}
          </Button>
          <h2 className="panel-title" id="ask-usual">
            {t(exceptionId === undefined ? 'ask.often' : 'ask.on-card')}
          </h2>
          <ul className="ask-usual" aria-labelledby="ask-usual">
            {usual.map((key) => (
              <li key={key}>
                <Button
                  className="button quiet"
                  data-testid={key}
                  onPress={() => {
                    setText(t(key));
                    ask(t(`${key}-said`));
                  }}
                >
                  {t(key)}
                </Button>
              </li>
            ))}
          </ul>
        </form>
        {answer === undefined ? (
          <div className="panel ask-empty">
            <MessageCircleQuestion aria-hidden size={56} strokeWidth={1.25} />
            <p>{t('ask.empty')}</p>
          </div>
        ) : (
          <Answer key={answer.id} answer={answer} onAgain={() => ask(answer.question)} />
        )}
      </div>
    </Screen>
  );
}
