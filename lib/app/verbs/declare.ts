import type { ServicePolicy, Severity } from '../../domain/policy/policy.ts';
import { severities } from '../../domain/policy/policy.ts';
import type { Form } from '../../domain/verbs/form.ts';
import type { VerbReply } from '../../domain/verbs/reply.ts';
import { declareIncident } from '../declare-incident.ts';
import { failed, nameOf, refused, usedBefore } from './answers.ts';
import { proseOf } from './find-person.ts';
import { readSeverity, severityChoices } from './severity.ts';
import type { Fields, GeneralVerb, VerbCall } from './verb.ts';
import { either, firstWord, quoted } from './words.ts';

/** Opens an incident that no alert has found. It pages as any other. */
export const declare: GeneralVerb = {
  name: 'declare',
  aliases: ['new', 'd'],
  usage: '[P0|P1|P2] [service=…] <title>',
  summary: 'Open an incident (alone: a form)',
  right: 'respond',
  subject: 'none',
  run: async (call) => {
    if (call.args === '') return { kind: 'form', form: declareForm(call) };
    const told = readDeclaration(call);
    return typeof told === 'string' ? refused(told) : open(call, told);
  },
  form: { name: 'declare', submit },
};

interface Declaration {
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly service: ServicePolicy | null;
}

/** Without a severity it is a P1: somebody is called, and nobody's night ends for a guess. */
const assumed: Severity = 'P1';

function readDeclaration({ args, tenant }: VerbCall): Declaration | string {
  const { severity, rest } = takeSeverity(args);
  const { named, rest: words } = takeService(rest);
  const service = named === null ? null : findService(tenant.services, named);
  if (named !== null && service === null) return noService(tenant.services, named);
  const title = proseOf(words, tenant.people);
  if (title === '') return 'Say what is wrong: `declare P1 service=checkout cards are declined`.';
  return { title, summary: '', severity, service };
}

function takeSeverity(text: string): { readonly severity: Severity; readonly rest: string } {
  const { word, rest } = firstWord(text);
  const severity = /^p\d$/i.test(word) ? readSeverity(word) : null;
  return severity === null ? { severity: assumed, rest: text } : { severity, rest };
}

function takeService(text: string): { readonly named: string | null; readonly rest: string } {
  const { word, rest } = firstWord(text);
  const named = /^service[=:](.+)$/i.exec(word)?.[1] ?? null;
  return named === null ? { named, rest: text } : { named, rest };
}

const findService = (services: readonly ServicePolicy[], named: string): ServicePolicy | null =>
  services.find(({ id, name }) =>
    [id, name].some((each) => each.toLowerCase() === named.toLowerCase()),
  ) ?? null;

function noService(services: readonly ServicePolicy[], named: string): string {
  const ids = services.map(({ id }) => id).join(', ') || 'none';
  return `There is no service ${quoted(named)}. There are: ${ids}.`;
}

/** The form with whatever was said before: the text of a message, for one. */
function declareForm({ tenant }: VerbCall): Form {
  const services = tenant.services.slice(0, 100);
  return {
    name: 'declare',
    incident: null,
    values: { severity: assumed },
    choices: {
      severity: severityChoices,
      service: services.map(({ id, name }) => ({ value: id, label: name })),
    },
    occurredAtMs: null,
  };
}

async function submit(call: VerbCall, fields: Fields): Promise<VerbReply> {
  const { people, services } = call.tenant;
  const text = (field: string): string => proseOf(fields[field] ?? '', people);
  const named = text('service');
  const severity = readSeverity(text('severity'));
  const service = findService(services, named);
  if (text('title') === '') return wrong('title', 'Say what is wrong in a few words.');
  if (severity === null) return wrong('severity', `Choose ${either(severities)}.`);
  if (named !== '' && service === null) return wrong('service', noService(services, named));
  return open(call, { title: text('title'), summary: text('summary'), severity, service });
}

const wrong = (field: string, text: string): VerbReply => ({
  kind: 'invalid',
  errors: { [field]: text },
});

async function open(call: VerbCall, declaration: Declaration): Promise<VerbReply> {
  const { deps, tenant, by, requestId, seal } = call;
  const opened = await declareIncident(deps, { ...declaration, tenant, by, requestId, seal });
  if (!opened.ok) return failed(opened.error);
  const incident = opened.value;
  if (incident === null) return usedBefore;
  return { kind: 'done', text: `Opened ${nameOf(incident)}; its page is on the way.`, incident };
}
