import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { clientSettings } from '../adapters/dynamodb/limits.ts';
import { createEventBridgeBus } from '../adapters/eventbridge/bus.ts';
import type { Bus } from '../ports/bus.ts';
import type { Log } from '../ports/system.ts';
import { required } from './environment.ts';
import { functionLog } from './log.ts';

/** The function that puts events on the bus: it reads no table and knows no policy. */
export function wireRelay(variables = process.env): { readonly bus: Bus; readonly log: Log } {
  const log = functionLog(variables);
  const bus = createEventBridgeBus({
    client: new EventBridgeClient(clientSettings),
    busName: required(variables, 'TOCSIN_BUS'),
    source: 'tocsin',
    log,
  });
  return { bus, log };
}
