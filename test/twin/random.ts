/** A seeded source of chance (sfc32), so that every world can be made again from its seed. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  constructor(seed: number) {
    this.#a = 0x9e3779b9 ^ seed;
    this.#b = Math.imul(seed, 0x85ebca6b);
    this.#c = seed ^ 0x6d2b79f5;
    for (let i = 0; i < 16; i++) this.uniform();
  }

  uniform(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + t;
    return (t >>> 0) / 4294967296;
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  integer(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.uniform());
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  logNormal(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }

  poisson(mean: number): number {
    if (mean > 60) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let product = this.uniform();
    const limit = Math.exp(-mean);
    let count = 0;
    while (product > limit) {
      count++;
      product *= this.uniform();
    }
    return count;
  }

  /** Gamma with mean 1 and the given shape (Marsaglia & Tsang 2000). */
  gamma(shape: number): number {
    if (shape < 1) return (this.gamma(shape + 1) * (shape + 1) * (1 - this.uniform()) ** (1 / shape)) / shape;
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (let tries = 0; tries < 1000; tries++) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v))
        return (d * v) / shape;
    }
    return 1;
  }

  /** Number of failures before a success. */
  geometric(success: number): number {
    return Math.floor(Math.log(1 - this.uniform()) / Math.log(1 - success));
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.uniform() * items.length)] as T;
  }
}
