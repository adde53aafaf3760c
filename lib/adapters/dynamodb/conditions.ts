/** The item is not there. */
export const absent = { ConditionExpression: 'attribute_not_exists(pk)' } as const;

/** Absent, or so old that it means nothing, whether or not it was cleared away. */
export const absentOrExpired = (atMs: number) =>
  ({
    ConditionExpression: 'attribute_not_exists(pk) OR untilMs <= :atMs',
    ExpressionAttributeValues: { ':atMs': { N: String(atMs) } },
  }) as const;

/** The stored version is this one; 0: there is none. */
export const atVersion = (expected: number) =>
  expected === 0
    ? absent
    : ({
        ConditionExpression: 'v = :expected',
        ExpressionAttributeValues: { ':expected': { N: String(expected) } },
      } as const);
