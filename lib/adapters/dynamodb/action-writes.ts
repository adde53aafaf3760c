import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Item } from '../../codec/table/attributes.ts';
import {
  actionItem,
  actionWaitItem,
  haltKey,
  leaseItem,
  standingItem,
  startsItem,
} from '../../codec/table/action-item.ts';
import type { ActionWrites } from '../../ports/action-writes.ts';
import { atVersion } from './conditions.ts';
import { sdkKey } from './table.ts';

/** The rows of one step of an action, each on the version that it follows. */
export function actionWriteItems(TableName: string, writes: ActionWrites): TransactWriteItem[] {
  const { action, leases, starts, standing, mustNotBeHalted } = writes;
  const put = (item: Item, version: number): TransactWriteItem => ({
    Put: { TableName, Item: item, ...atVersion(version - 1) },
  });
  return [
    put(actionItem(action), action.version),
    // Follows from the action, whose version guards both.
    { Put: { TableName, Item: actionWaitItem(action) } },
    ...leases.map((lease) => put(leaseItem(lease), lease.version)),
    ...(starts === null ? [] : [put(startsItem(starts), starts.version)]),
    ...(standing === null ? [] : [put(standingItem(standing), standing.version)]),
    ...(mustNotBeHalted ? [notHalted(TableName, action.tenant)] : []),
  ];
}

const notHalted = (TableName: string, tenant: string): TransactWriteItem => ({
  ConditionCheck: {
    TableName,
    Key: sdkKey(haltKey(tenant)),
    ConditionExpression: 'attribute_not_exists(pk) OR halted = :off',
    ExpressionAttributeValues: { ':off': { N: '0' } },
  },
});
