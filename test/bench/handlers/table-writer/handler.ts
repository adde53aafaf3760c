import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';

const client = new DynamoDBClient({ maxAttempts: 1 });

/** The least that writes to the table with the SDK: what every handler is compared with. */
export const handler = async (): Promise<object> => {
  const TableName = process.env['TOCSIN_TABLE'];
  const pk = { S: `bench ${process.pid} ${performance.now()}` };
  await client.send(new PutItemCommand({ TableName, Item: { pk, sk: { S: 'S' } } }));
  return { statusCode: 202 };
};
