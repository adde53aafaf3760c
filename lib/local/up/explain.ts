import { TemplateError } from '../runtime/template/model.ts';
import { findPortHolder } from './port-holder.ts';
import { DEFAULT_PORT, HIGHEST_PORT, type UpSettings } from './settings.ts';
import { StartProblem } from './start-problem.ts';

/** Whatever ended a start, in one paragraph for the person at the terminal. */
export function explainStart(
  error: unknown,
  settings: Pick<UpSettings, 'port'> | undefined,
): string {
  if (error instanceof StartProblem) return error.message;
  if (error instanceof TemplateError) return `The template cannot be run: ${error.message}`;
  const port = settings?.port ?? DEFAULT_PORT;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return portTaken(port);
    case 'EACCES':
      return `Port ${port}, or a file of the data directory, is not this user’s to use: ${messageOf(error)}. Choose another port (TOCSIN_PORT) or directory (--data).`;
    default:
      return `Tocsin did not start: ${messageOf(error)}`;
  }
}

function portTaken(port: number): string {
  const holder = findPortHolder(port);
  const who =
    holder === undefined ? 'another program' : `${holder.command} (process ${holder.pid})`;
  return (
    `Port ${port} of 127.0.0.1 is taken by ${who}. Stop that program, or choose another port:\n` +
    `  TOCSIN_PORT=${port < HIGHEST_PORT ? port + 1 : port - 1} npm start`
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
