/** Words that every shown row must contain. */
import { Search } from 'lucide-react';
import { Input, SearchField } from 'react-aria-components';

interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function Filter({ label, value, onChange }: FilterProps) {
  return (
    <SearchField className="search" aria-label={label} value={value} onChange={onChange}>
      <Search aria-hidden size={16} />
      <Input className="search-input" data-testid="filter" placeholder={label} />
    </SearchField>
  );
}
