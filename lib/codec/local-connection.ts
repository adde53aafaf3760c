import type { Json } from '../domain/shared/json.ts';
import { isRecord, textOf } from './fields.ts';

/** How to talk to the Tocsin of a data directory, and in whose name. */
export interface LocalConnection {
  /** Without a slash at the end. */
  readonly url: string;
  /** The person whom the token names. */
  readonly person: string;
  readonly token: string;
}

/** The file in the data directory, readable by its owner alone. */
export const connectionFileName = 'connection.json';

/** The text of the file. */
export const encodeConnection = ({ url, person, token }: LocalConnection): string =>
  `${JSON.stringify({ url, person, token }, undefined, 2)}\n`;

/** Reads the text of the file; null when it is not what `encodeConnection` wrote. */
export function decodeConnection(text: string): LocalConnection | null {
  const value = parsed(text);
  if (!isRecord(value)) return null;
  const connection = {
    url: textOf(value, 'url'),
    person: textOf(value, 'person'),
    token: textOf(value, 'token'),
  };
  return Object.values(connection).includes('') ? null : connection;
}

function parsed(text: string): Json {
  try {
    // What JSON.parse gives is Json by definition.
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
