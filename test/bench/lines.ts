import type { ColdFigures } from './cold.ts';
import type { Comparison } from './comparison.ts';
import { atLeast, atMost, exactly, held, told, type Line } from './report.ts';
import type { Amounts, Latency, Storm } from './scenarios.ts';
import type { SlackCommandTimes } from './slack-commands.ts';
import { percentile } from './statistics.ts';
import type { StreamThroughput } from './stream-throughput.ts';
import type { WriteUnits } from './write-units.ts';

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const perS = (value: number): string => `${value.toFixed(0)}/s`;
const percentiles = ({ p50Ms, p99Ms }: Latency): string => `p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}`;
const versus = (ours: string, theirs: string): string => `${ours}; Alertmanager ${theirs}`;

/** Latencies and storms beside Alertmanager's, with the targets of docs/bench.md. */
export function comparisonLines(compared: Comparison, amounts: Amounts): readonly Line[] {
  const { tocsin: ours, alertmanager: theirs, alertmanagerWaiting: waiting } = compared;
  const both = (pick: (of: Comparison['tocsin']) => string): string =>
    versus(pick(ours), pick(theirs));
  return [
    held(
      'one alert, POST to page: p50',
      both(({ single }) => ms(single.p50Ms)),
      [ours.single.p50Ms / theirs.single.p50Ms, atMost(4)],
    ),
    held(
      'one alert: p99',
      both(({ single }) => ms(single.p99Ms)),
      [ours.single.p99Ms / theirs.single.p99Ms, atMost(4)],
    ),
    held('one alert: p50, group_wait 1s', versus(ms(ours.single.p50Ms), percentiles(waiting)), [
      ours.single.p50Ms / waiting.p50Ms,
      atMost(0.01),
    ]),
    held(
      'resolve: p50, group_interval 1s',
      both(({ resolve }) => percentiles(resolve)),
      [ours.resolve.p50Ms / theirs.resolve.p50Ms, atMost(0.01)],
    ),
    ...stormLines(compared, amounts),
  ];
}

function stormLines({ tocsin, alertmanager }: Comparison, amounts: Amounts): readonly Line[] {
  const { duplicates: again, distinct: each, grouped } = tocsin;
  const ratio = (pick: (of: Comparison['tocsin']) => number): number =>
    pick(tocsin) / pick(alertmanager);
  const both = (pick: (of: Comparison['tocsin']) => string): string =>
    versus(pick(tocsin), pick(alertmanager));
  return [
    held(
      `${amounts.duplicates} duplicates: pages`,
      both((of) => String(of.duplicates.pages)),
      [again.pages, exactly(1)],
    ),
    held(
      'duplicates, deliveries',
      both((of) => perS(of.duplicates.requestsPerS)),
      [ratio((of) => of.duplicates.requestsPerS), atLeast(0.15)],
    ),
    held(
      `${amounts.distinct} distinct: paged`,
      both((of) => perS(of.distinct.pagedPerS)),
      [ratio((of) => of.distinct.pagedPerS), atLeast(0.35)],
    ),
    held(
      'distinct: lost',
      both((of) => lossesOf(of.distinct)),
      [each.lost + each.refused, exactly(0)],
    ),
    told(
      'distinct: requests to the pager',
      both((of) => String(of.distinct.pages)),
    ),
    held(
      `${amounts.grouped} in ${amounts.groups} groups: pages`,
      both((of) => String(of.grouped.pages)),
      [grouped.pages, exactly(amounts.groups)],
    ),
    held(
      'grouped: accepted alerts',
      both((of) => perS(of.grouped.acceptedPerS)),
      [ratio((of) => of.grouped.acceptedPerS), atLeast(0.1)],
    ),
    told(
      'grouped: deliveries',
      both((of) => perS(of.grouped.requestsPerS)),
    ),
  ];
}

const lossesOf = ({ lost, refused }: Storm): string => `${lost} lost, ${refused} refused`;

/** Write units of everything that a delivery leads to. */
export const unitLines = (units: WriteUnits): readonly Line[] => [
  told('write units: new alert, opened and paged', units.perNewAlert.toFixed(1)),
  told('write units: repeat', units.perRepeat.toFixed(2)),
  told('write units: delivery of a grouped storm', units.perGroupedDelivery.toFixed(1)),
  held('write units: alert of a grouped storm', units.perGroupedAlert.toFixed(2), [
    units.perGroupedAlert,
    atMost(0.9),
  ]),
];

/** Slash commands, from the POST to the whole answer. Slack gives up after 3 s. */
export function slackLines({
  perSecond,
  firstMs,
  manyMs,
  oneMs,
}: SlackCommandTimes): readonly Line[] {
  const seconds = { 'ten incidents': manyMs, 'one incident': oneMs };
  return [
    held('Slack: first command, ms', '', [Math.round(firstMs), atMost(2500)]),
    ...Object.entries(seconds).map(([about, times]) => {
      const p99Ms = percentile(times, 0.99);
      return held(
        `Slack: ${perSecond} commands in a second about ${about}: p99, ms`,
        `p50 ${ms(percentile(times, 0.5))}`,
        [Math.round(p99Ms), atMost(1000)],
      );
    }),
  ];
}

/** Sizes and cold starts. */
export function coldLines(cold: ColdFigures): readonly Line[] {
  const { emptyMs, bareDynamoDbMs } = cold;
  const ingest = cold.bundles.find(({ name }) => name === 'ingest');
  return [
    told('empty handler: process', ms(emptyMs)),
    told('bare DynamoDB handler: process', withRatio(bareDynamoDbMs, emptyMs)),
    ...cold.bundles.map(({ name, kb, loadMs }) =>
      told(`${name}: bundle, process`, `${kb.toFixed(0)} KB, ${withRatio(loadMs, emptyMs)}`),
    ),
    held('ingest bundle, KB', '', [ingest?.kb ?? Number.NaN, atMost(400)]),
    held('ingest process / empty handler', '', [
      (ingest?.loadMs ?? Number.NaN) / emptyMs,
      atMost(2.5),
    ]),
    held(
      'ingest: load, first delivery stored and paged / empty',
      `${ms(cold.ingestFirstDeliveryMs)}; bare DynamoDB handler, first write ${withRatio(cold.bareFirstWriteMs, emptyMs)}`,
      [cold.ingestFirstDeliveryMs / emptyMs, atMost(3)],
    ),
    held('page: built-in fetch on the cold path', '', [Number(cold.pageLoadsFetch), exactly(0)]),
    held(
      'page: load, first page sent / bare node:http POST',
      `${ms(cold.pageFirstPageMs)}; ${ms(cold.barePostMs)}`,
      [cold.pageFirstPageMs / cold.barePostMs, atMost(1.2)],
    ),
  ];
}

const withRatio = (value: number, base: number): string =>
  `${ms(value)} (x${(value / base).toFixed(2)})`;

/** The cure of the embedded database's stream. */
export const streamLines = (stream: StreamThroughput): readonly Line[] => [
  held(
    `transactions with ${stream.manyRecords} stream records / with 1000`,
    `${perS(stream.manyPerSecond)}; ${perS(stream.fewPerSecond)}`,
    [stream.ratio, atLeast(0.8)],
  ),
];
