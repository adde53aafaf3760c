import type { Result } from '../../domain/shared/result.ts';
import type { Image, UnreadableItem } from './attributes.ts';

/** What is read of a DynamoDB stream event as Lambda hands it over. */
export interface StreamEvent {
  readonly Records: readonly {
    readonly eventName?: string;
    readonly dynamodb?: {
      readonly SequenceNumber?: string;
      readonly NewImage?: Image;
    };
  }[];
}

/** Lambda's partial batch response: everything from the named record on comes again. */
export interface StreamAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export const failedFrom = (position: string | null): StreamAnswer => ({
  batchItemFailures: position === null ? [] : [{ itemIdentifier: position }],
});

/**
 * The items of an event, in order, each with its place in the stream. What cannot be read is
 * logged and passed over: coming again would not make it readable.
 */
export function readRecords<Value>(
  event: StreamEvent,
  decode: (image: Image) => Result<Value, UnreadableItem>,
  log: { readonly error: (message: string, fields: Readonly<Record<string, unknown>>) => void },
): readonly { readonly position: string; readonly value: Value }[] {
  return event.Records.flatMap(({ dynamodb }) => {
    const position = dynamodb?.SequenceNumber ?? '';
    const image = dynamodb?.NewImage;
    if (image === undefined) return [];
    const decoded = decode(image);
    if (decoded.ok) return [{ position, value: decoded.value }];
    log.error('A record of the stream cannot be read.', { position, why: decoded.error.reason });
    return [];
  });
}
