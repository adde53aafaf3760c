/**
 * Names and values from outside. Keys may be any text, `__proto__` included: build one only with
 * `Object.fromEntries` or spread, and read one only with `labelOf`.
 */
export type Labels = Readonly<Record<string, string>>;

/** The value of a label, or the empty string when there is none, as Prometheus has it. */
export const labelOf = (labels: Labels, name: string): string =>
  Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
