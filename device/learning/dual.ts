/**
 * Numbers that carry their derivatives with respect to the learned parameters (forward mode). Slot 0 is the
 * value, slot 1 + j the derivative with respect to parameter j. Results are written into `out`, so that the
 * filter's inner steps allocate nothing; `out` may be one of the operands.
 */
export type Dual = Float64Array;

export function multiply(out: Dual, a: Dual, b: Dual): Dual {
  const x = a[0] as number;
  const y = b[0] as number;
  for (let t = out.length - 1; t > 0; t--) out[t] = (a[t] as number) * y + x * (b[t] as number);
  out[0] = x * y;
  return out;
}

export function divide(out: Dual, a: Dual, b: Dual): Dual {
  const y = 1 / (b[0] as number);
  const quotient = (a[0] as number) * y;
  for (let t = out.length - 1; t > 0; t--) out[t] = ((a[t] as number) - quotient * (b[t] as number)) * y;
  out[0] = quotient;
  return out;
}

/** out = a + scale * b */
export function addScaled(out: Dual, a: Dual, b: Dual, scale = 1): Dual {
  for (let t = 0; t < out.length; t++) out[t] = (a[t] as number) + scale * (b[t] as number);
  return out;
}

/** out = constant + scale * a */
export function affine(out: Dual, constant: number, scale: number, a: Dual): Dual {
  for (let t = 0; t < out.length; t++) out[t] = scale * (a[t] as number);
  out[0] = (out[0] as number) + constant;
  return out;
}

/** out = exp(scale * a) */
export function exponential(out: Dual, a: Dual, scale: number): Dual {
  const value = Math.exp(scale * (a[0] as number));
  for (let t = out.length - 1; t > 0; t--) out[t] = value * scale * (a[t] as number);
  out[0] = value;
  return out;
}
