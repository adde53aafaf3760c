import { textOf } from '../codec/fields.ts';
import type { JsonObject } from '../domain/shared/json.ts';
import { readAnswer, recordsOf, shown, textsOf } from './answer.ts';
import type { Api } from './api.ts';
import { EXIT } from './exit-codes.ts';
import { Failure } from './failure.ts';

/**
 * The incident that an action on a target is about when none was named: the only open one of the
 * target's service, or of all where the target serves several. Which of several is meant, or
 * whether another service's, is a person's to say.
 */
export async function incidentOfTarget(api: Api, targetId: string): Promise<string> {
  const [targets, incidents] = await Promise.all([
    api({ method: 'GET', path: '/v1/targets' }),
    api({ method: 'GET', path: '/v1/incidents', query: { status: 'open', limit: '100' } }),
  ]);
  const target = targetNamed(recordsOf(readAnswer(targets), 'targets'), targetId);
  const open = recordsOf(readAnswer(incidents), 'incidents');
  const service = textOf(target, 'service');
  const own = service === '' ? open : open.filter((incident) => concerns(incident, service));
  const [only, ...others] = own;
  if (only !== undefined && others.length === 0) return textOf(only, 'id');
  if (open.length === 0) {
    throw new Failure(
      EXIT.refused,
      'There is no open incident, and actions are taken for incidents. `/incident declare` in ' +
        'Slack opens one.',
    );
  }
  const choice = own.length === 0 ? open : own;
  const list = choice.slice(0, 5).map((one) => `${shown(one, 'id')} (${shown(one, 'title')})`);
  const why = own.length === 0 ? `No open incident is about ${service}.` : 'Which incident?';
  throw new Failure(EXIT.usage, `${why} Name it with --incident: ${list.join(', ')}.`);
}

const concerns = (incident: JsonObject, service: string): boolean =>
  textOf(incident, 'service') === service || textsOf(incident, 'services').includes(service);

function targetNamed(targets: readonly JsonObject[], id: string): JsonObject {
  const target = targets.find((known) => textOf(known, 'id') === id);
  if (target !== undefined) return target;
  const names = targets.map((known) => shown(known, 'id'));
  throw new Failure(
    EXIT.notFound,
    `There is no target ${JSON.stringify(id)} in the policy. ` +
      (names.length === 0 ? 'It names none.' : `There are ${names.join(', ')}.`),
  );
}
