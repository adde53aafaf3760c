import { isList, isRecord, listOf, member, recordOf, textOf } from '../../codec/fields.ts';
import type { CheckPolicy } from '../../domain/policy/action-policy.ts';
import type { Json, JsonObject } from '../../domain/shared/json.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PortFailure } from '../../ports/failure.ts';
import type { Measured } from '../../ports/signals.ts';
import { parseJson, refused, shown, unreadable } from './answers.ts';
import type { Incoming } from './exchange.ts';

export type Bounds = Pick<CheckPolicy, 'atLeast' | 'atMost'>;

/**
 * Reads the answer to an instant query (https://prometheus.io/docs/prometheus/latest/querying/api/).
 * Of several series the worst counts, so that an average hides no bad zone. No series, a value
 * that is no number, and a result that Prometheus itself warns of are no value: absence proves
 * nothing. Yet a series out of its bounds is bad whatever the others say.
 */
export function readQuery(
  host: string,
  answer: Incoming,
  bounds: Bounds,
): Result<Measured, PortFailure> {
  const json = parseJson(answer.body);
  const body = isRecord(json) ? json : {};
  if (answer.status !== 200) return err(refused(host, answer, textOf(body, 'error')));
  if (textOf(body, 'status') === 'error') {
    const message = `${host} could not run the query: ${shown(textOf(body, 'error'))}`;
    return err({ kind: 'rejected', message });
  }
  if (textOf(body, 'status') !== 'success') return err(unreadable(host, 'is not Prometheus'));
  return ok(measured(body, bounds));
}

function measured(body: JsonObject, bounds: Bounds): Measured {
  const [warning] = listOf(body, 'warnings');
  if (warning !== undefined) {
    return none(`The query's answer is incomplete: ${shown(JSON.stringify(warning))}`);
  }
  const data = recordOf(body, 'data');
  const samples = samplesOf(data);
  if (samples === null) {
    const type = shown(textOf(data, 'resultType'));
    return none(`The query gives a ${type}; a check needs an instant vector or a scalar.`);
  }
  if (samples.length === 0) return none('The query has no result: there is no such series now.');
  const numbers = samples.filter((sample) => Number.isFinite(sample));
  const worst = worstOf(numbers, bounds);
  const isWhole = numbers.length === samples.length;
  if (worst !== null && (isWhole || badnessOf(worst, bounds) > 0)) {
    return { kind: 'value', value: worst };
  }
  const missing = samples.length - numbers.length;
  return none(`Of ${samples.length} series ${missing} have no number now (such as NaN).`);
}

const none = (why: string): Measured => ({ kind: 'none', why });

/** Null for a result of another type than is asked for; NaN for what is no number. */
function samplesOf(data: JsonObject): readonly number[] | null {
  const result = member(data, 'result');
  const type = textOf(data, 'resultType');
  if (!isList(result)) return null;
  if (type === 'scalar') return [sampleOf(result)];
  if (type !== 'vector') return null;
  return result.map((series) => sampleOf(isRecord(series) ? member(series, 'value') : undefined));
}

/** `[<time>, "<value>"]`: the value is a text, in which `+Inf` and `NaN` can stand. */
function sampleOf(pair: Json | undefined): number {
  const text = isList(pair) ? pair[1] : undefined;
  return typeof text === 'string' && text.trim() !== '' ? Number(text) : NaN;
}

/** Null when there is none. */
function worstOf(numbers: readonly number[], bounds: Bounds): number | null {
  return numbers.reduce<number | null>(
    (worst, one) =>
      worst === null || badnessOf(one, bounds) > badnessOf(worst, bounds) ? one : worst,
    null,
  );
}

/** How far past its nearer bound a value is; negative within both. Without bounds all are equal. */
function badnessOf(value: number, { atLeast, atMost }: Bounds): number {
  const under = atLeast === null ? -Infinity : atLeast - value;
  const over = atMost === null ? -Infinity : value - atMost;
  return Math.max(under, over);
}
