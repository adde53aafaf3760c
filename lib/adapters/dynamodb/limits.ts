/**
 * What DynamoDB allows, and what we ask of it. Sources:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html and the
 * client's own documentation of TransactWriteItems and BatchGetItem.
 */
export const maxTransactionItems = 100;
export const maxBatchGetKeys = 100;
export const maxTokenLength = 36;

/** One read unit reads this much strongly consistently. */
export const readUnitBytes = 4096;

/** How long raw deliveries and receipts are kept. */
export const deliveryKeptMs = 400 * 86_400_000;

/** A counter of one minute means nothing a day later. */
export const counterKeptMs = 86_400_000;

/** Bounds of our own loops, so that no answer of the table keeps a call going for ever. */
export const maxPagesOfLog = 1000;
export const maxPagesOfReceipts = 20;
export const maxPagesOfList = 10;
export const maxPagesOfDue = 50;
export const maxChangesNear = 100;
export const maxBatchGetTries = 5;
export const deletesAtOnce = 25;

/**
 * Settings for the `DynamoDBClient` that is handed to the store. Three tries of at most 1.5 s, over
 * kept-alive connections (the SDK's default). The middleware of a command is put together once
 * rather than for every call, which spares a tenth of a call's processor time. Without
 * `throwOnRequestTimeout` the SDK only logs a request that overruns its time.
 */
export const clientSettings = {
  maxAttempts: 3,
  cacheMiddleware: true,
  requestHandler: {
    connectionTimeout: 500,
    requestTimeout: 1500,
    throwOnRequestTimeout: true,
    httpsAgent: { keepAlive: true, maxSockets: 50 },
    httpAgent: { keepAlive: true, maxSockets: 50 },
  },
} as const;
