/** A stream of chance: equal seed and name give equal draws, whatever other streams do. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** A whole number, both ends included. */
  readonly int: (least: number, most: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly [Item, ...Item[]]) => Item;
}

/**
 * sfc32 (128 bits of state, from PractRand), seeded by a 128-bit mix of seed and name. Every part
 * of the simulation draws from a stream of its own, so that a further draw in one shifts no other.
 */
export function createRandom(seed: number, name: string): Random {
  let [a, b, c, d] = mix128(`${seed}/${name}`);
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let warmUp = 0; warmUp < 12; warmUp += 1) next();
  return {
    next,
    int: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
  };
}

/** Four independent 32-bit words of a text, by multiplicative hashing. */
function mix128(text: string): [number, number, number, number] {
  const words: [number, number, number, number] = [1779033703, 3144134277, 1013904242, 2773480762];
  const primes = [597399067, 2869860233, 951274213, 2716044179] as const;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const [first, second, third, fourth] = words;
    words[0] = second ^ Math.imul(first ^ code, primes[0]);
    words[1] = third ^ Math.imul(second ^ code, primes[1]);
    words[2] = fourth ^ Math.imul(third ^ code, primes[2]);
    words[3] = first ^ Math.imul(fourth ^ code, primes[3]);
  }
  return words;
}
