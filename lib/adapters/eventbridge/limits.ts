/**
 * What EventBridge takes in one call. Sources: the client's own documentation of `PutEvents` (ten
 * entries; how an entry is measured), and
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html. The bound on a call
 * was 256 KB until 2026 and still is in some Regions, so we stay below that.
 */
export const maxEntries = 10;
export const maxCallBytes = 200_000;

/** What a `Time` counts for. */
export const timeBytes = 14;
