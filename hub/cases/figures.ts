/** Shares and quantities in words. */
export const percentText = (probability: number): string => `${Math.round(probability * 100)} %`;
export const unitsText = (count: number): string => `${count} ${count === 1 ? 'unit' : 'units'}`;
