import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** CloudWatch keeps logs for certain numbers of days only; any other number is refused. */
export function logRetention(days: number): RetentionDays {
  // The enumeration's values are the numbers of days themselves.
  const allowed = Object.values(RetentionDays).filter((value) => typeof value === 'number');
  const found = allowed.find((value) => value.valueOf() === days);
  if (found !== undefined) return found;
  throw new Error(
    `Logs cannot be kept for ${String(days)} days: CloudWatch allows ${allowed.join(', ')}.`,
  );
}
