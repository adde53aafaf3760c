import { decodeHttpEvent, type HttpApiEvent } from '../../lib/codec/http-event.ts';
import type { HttpResponse } from '../../lib/codec/http-response.ts';
import { wireApi } from '../../lib/wire/api.ts';
import { respond } from './routes.ts';

const app = wireApi();

/** Answers people and their programs: the HTTP API, the console, and whether anybody is there. */
export const handler = (event: HttpApiEvent): Promise<HttpResponse> =>
  respond(app, decodeHttpEvent(event));
