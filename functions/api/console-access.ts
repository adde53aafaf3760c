import { redactQuery } from '../../lib/codec/credentials.ts';
import type { HttpRequest } from '../../lib/codec/http-event.ts';
import { htmlResponse, type HttpResponse } from '../../lib/codec/http-response.ts';
import { openAccess, signedAccess, type Access } from '../../lib/console/access.ts';
import { messagePage, type Message } from '../../lib/console/message-page.ts';
import { err, ok, type Result } from '../../lib/domain/shared/result.ts';
import type { ApiDeps } from '../../lib/wire/api.ts';
import { isNowhere, tenantNamed } from './asking.ts';

/**
 * What the asker may see: what the link proves, or on one machine, where the console is open,
 * everything. Otherwise the page that says so.
 */
export async function accessTo(
  app: ApiDeps,
  request: HttpRequest,
): Promise<Result<Access, HttpResponse>> {
  if (app.isConsoleOpen) {
    const tenant = tenantNamed(app, new URLSearchParams(request.rawQueryString).get('t'));
    return tenant === null ? err(message(app, 404, 'not-found')) : ok(openAccess(tenant));
  }
  const secret = await app.secrets.console();
  if (!secret.ok) return err(consoleFailure(app, request, secret.error));
  const access = signedAccess(request, secret.value.signingKeys, app.clock.now());
  if (access !== null && tenantNamed(app, access.tenant) !== null) return ok(access);
  const { path, rawQueryString, requestId } = request;
  const query = redactQuery(rawQueryString);
  app.log.info('A link to the console was refused.', { path, query, requestId });
  return err(message(app, 403, 'no-access'));
}

/** The page for a failure below: what is not there is said, all else is worth another try. */
export function consoleFailure(
  app: ApiDeps,
  { path, requestId }: HttpRequest,
  failure: { readonly kind: string; readonly message: string },
): HttpResponse {
  // A place in a list that the store does not know was made up, or is of another list.
  if (isNowhere(failure) || failure.kind === 'rejected') return message(app, 404, 'not-found');
  app.log.error('A page of the console was not made.', { path, requestId, why: failure });
  return message(app, 503, 'unavailable');
}

const message = (app: ApiDeps, status: 403 | 404 | 503, what: Message): HttpResponse =>
  htmlResponse(status, messagePage(what, app.clock.now()));
