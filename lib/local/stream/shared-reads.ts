import type { ShardPage, StreamSource } from './stream-source.ts';

/**
 * The same stream for several mappings, of which one reads for all that are at the same place: every
 * record would otherwise cross the wire and be parsed once for each. What was found behind an
 * iterator stays true, so the next mapping may be given it, though there may be more by then. An
 * empty answer is nobody's but the asker's. Lambda's mappings read apart, with the same result.
 */
export function shareReads(source: StreamSource): StreamSource {
  let newest: { readonly name: string; readonly page: Promise<ShardPage> } | undefined;
  return {
    ...source,
    read: (iterator, limit) => {
      const name = `${limit} ${iterator}`;
      if (newest?.name === name) return newest.page;
      const reading = { name, page: source.read(iterator, limit) };
      const forget = (): void => {
        if (newest === reading) newest = undefined;
      };
      reading.page.then(({ records }) => {
        if (records.length === 0) forget();
      }, forget);
      newest = reading;
      return reading.page;
    },
  };
}
