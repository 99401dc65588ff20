/** A probability as a labelled bar; whether high is good is said by the caller. */
import { Label, Meter } from 'react-aria-components';
import { toneOf } from '../words/certainty.ts';
import { useWords } from '../words/use-words.ts';

interface SurenessProps {
  readonly label: string;
  readonly probability: number;
  /** True when a high probability speaks for the decision in stock terms, false for a risk. */
  readonly isGood: boolean;
}

export function Sureness({ label, probability, isGood }: SurenessProps) {
  const { percent } = useWords();
  return (
    <Meter
      className="meter labelled"
      value={probability * 100}
      valueLabel={percent(probability)}
      data-tone={isGood ? toneOf(probability) : 'plain'}
    >
      {({ percentage, valueText }) => (
        <>
          <Label className="meter-label">{label}</Label>
          <span className="meter-value">{valueText}</span>
          <div className="meter-track">
            <div className="meter-fill" style={{ width: `${percentage}%` }} />
          </div>
        </>
      )}
    </Meter>
  );
}
