import { describe, expect, it } from 'vitest';
import { ada, checkoutDown, createWorld, grace, lin } from './world.ts';
import { asked, call, planned, wish } from './action-world.ts';

describe('a request for an action', () => {
  it('is written down in the name of the person whom the policy knows by the ARN', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);

    const { status, answer } = await call(world, `incidents/${id}/actions`, { body: wish });

    expect(status).toBe(202);
    expect(answer).toMatchObject({
      changed: true,
      action: {
        incident: id,
        state: 'planning',
        verb: 'rollback',
        target: 'checkout',
        reason: 'errors since 2.4.0',
        origin: { kind: 'person', person: 'ada', by: { via: 'api', id: ada, name: 'Ada Byron' } },
      },
    });
    expect(answer['console']).toContain(`/incidents/${id}?`);
  });

  it('repeated with the same key finds what the first has made; with another it is a second', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    const path = `incidents/${id}/actions`;
    const keyed = (key: string, as = ada) =>
      call(world, path, { body: wish, as, headers: { 'idempotency-key': key } });

    const first = await keyed('once');
    const again = await keyed('once');

    expect([again.status, again.answer]).toEqual([202, { ...first.answer, changed: false }]);
    const ids = [await keyed('twice'), await keyed('once', grace), await keyed('no spaces')];
    expect(ids.map(({ status }) => status)).toEqual([202, 202, 400]);
    const listed = await call(world, 'actions');
    expect(listed.answer['actions']).toHaveLength(3);
  });

  it.each([
    [{ ...wish, verb: 'explode' }, 400, 'verb is "explode".'],
    [{ ...wish, target: '' }, 400, 'target is missing or empty'],
    [{ ...wish, by: 'grace' }, 400, 'The body may not hold "by".'],
    [{ ...wish, origin: { kind: 'runbook' }, approvalsNeeded: 0 }, 400, '"origin", "approvals'],
    [{ ...wish, parameters: { replicas: 3 } }, 400, 'rollback has no parameter "replicas".'],
    [{ ...wish, parameters: { to: {} } }, 400, 'parameters.to must be a number or a text'],
    [{ ...wish, parameters: [] }, 400, 'parameters is a list'],
    [{ ...wish, reason: 'x'.repeat(1001) }, 400, 'reason has 1001 characters'],
    [{ ...wish, reason: ' ' }, 409, 'say why the action is wanted'],
    [{ ...wish, target: 'nowhere' }, 409, 'There is no target nowhere in the policy.'],
  ])('that is not right is refused and leaves nothing (case %#)', async (body, code, message) => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);

    const { status, answer } = await call(world, `incidents/${incident.id}/actions`, { body });

    expect([status, JSON.stringify(answer['error'])]).toEqual([
      code,
      expect.stringContaining(JSON.stringify(message).slice(1, -1)),
    ]);
    expect(await world.app.store.loadIncident('default', incident.id)).toEqual({
      ok: true,
      value: incident,
    });
  });

  it('keeps a key that is no parameter out of the record, whatever it is called', async () => {
    const world = createWorld();
    const { id } = await world.raise(checkoutDown);
    const body =
      '{"verb":"rollback","target":"checkout","reason":"x","parameters":{"__proto__":1}}';
    const url = `/v1/incidents/${id}/actions`;

    const response = await world.ask({ method: 'POST', url, as: ada, body });

    expect([response.statusCode, response.body]).toEqual([
      400,
      expect.stringContaining('__proto__'),
    ]);
  });
});

describe('who may', () => {
  const stranger = 'arn:aws:sts::111122223333:assumed-role/Other/ada';
  const paths = (incident: string, action: string) =>
    [
      [`incidents/${incident}/actions`, wish],
      [`incidents/${incident}/steps`, { runbook: 'x', step: 1 }],
      [`actions/${action}/approve`, { planHash: '0'.repeat(64) }],
      [`actions/${action}/deny`, {}],
      ['targets/checkout/lock', { reason: 'x' }],
      ['targets/checkout/unlock', {}],
      ['halt', { on: true, reason: 'x' }],
    ] as const;

  it('is nobody whom the policy does not name, and the answer says which line to add', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const action = await asked(world, incident);
    for (const [path, body] of paths(incident.id, action)) {
      const { status, answer } = await call(world, path, { body, as: stranger });
      expect([path, status]).toEqual([path, 403]);
      expect(answer['error']).toEqual({
        kind: 'forbidden',
        message:
          'Nobody of tenant default has this name in the API, so nothing may be asked for. Add ' +
          `the line apiNames: ['${stranger}'] to a person with the role responder or approver, ` +
          'and deploy the policy.',
      });
    }
    expect(await world.app.actionRows.loadHalt('default')).toMatchObject({
      value: { isOn: false },
    });
  });

  it('is nobody who may only look, nor whom IAM did not verify', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const action = await planned(world, incident, { actionId: await asked(world, incident) });
    for (const [path, body] of paths(incident.id, action.id)) {
      const observer = await call(world, path, {
        body: path.endsWith('approve') ? { planHash: action.planHash } : body,
        as: lin,
      });
      expect([path, observer.status]).toEqual([path, expect.toBeOneOf([403, 409])]);
      const response = await world.ask({ method: 'POST', url: `/v1/${path}` });
      expect([path, response.statusCode]).toEqual([path, 401]);
    }
    const after = await world.app.actionRows.load('default', action.id);
    expect(after).toEqual({ ok: true, value: action });
  });

  it('knows a name without its ARN on one machine alone', async () => {
    const local = 'arn:aws:iam::000000000000:user/grace';
    const [aws, machine] = [createWorld(), createWorld({ isConsoleOpen: true })];
    const answers = [aws, machine].map((world) =>
      call(world, 'halt', { body: { on: true, reason: 'x' }, as: local }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([403, 200]);
  });
});

describe('an approval', () => {
  it('is for the plan that it names, by somebody else, once', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const { id, planHash } = await planned(world, incident, {
      actionId: await asked(world, incident),
    });
    const approve = (hash: string, as: string) =>
      call(world, `actions/${id}/approve`, { body: { planHash: hash }, as });
    const messageOf = ({ answer }: { readonly answer: Record<string, unknown> }) =>
      (answer['error'] as { readonly message: string }).message;

    expect(messageOf(await approve('0'.repeat(64), grace))).toContain(
      'look at it and approve that',
    );
    expect(messageOf(await approve(planHash, ada))).toContain(
      'Ada Byron has asked for this action',
    );
    expect(messageOf(await approve('zz', grace))).toContain('8 to 64 hexadecimal digits');
    const given = await approve(planHash.slice(0, 8), grace);
    expect([given.status, given.answer]).toMatchObject([
      200,
      { changed: true, action: { state: 'approved', approvals: [{ person: 'grace', planHash }] } },
    ]);
    const again = await approve(planHash, grace);
    expect([again.status, again.answer]).toMatchObject([
      200,
      { changed: false, message: 'Grace Murray has already approved this plan.' },
    ]);
  });

  it('of what is nowhere is answered so, for another tenant too', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const { id, planHash } = await planned(world, incident, {
      actionId: await asked(world, incident),
    });
    const body = { planHash };
    expect((await call(world, 'actions/a0/approve', { body, as: grace })).status).toBe(404);
    expect((await call(world, `actions/${id}?tenant=other`)).status).toBe(404);
    const foreign = await call(world, `actions/${id}/approve?tenant=other`, { body, as: grace });
    expect(foreign.status).toBe(403);
  });
});

describe('a denial', () => {
  it('ends the action; repeated it changes nothing', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const { id } = await planned(world, incident, { actionId: await asked(world, incident) });
    const deny = () => call(world, `actions/${id}/deny`, { body: { reason: 'no' }, as: grace });
    expect((await deny()).answer).toMatchObject({
      changed: true,
      action: { state: 'denied', outcome: 'Denied by Grace Murray (api): no' },
    });
    expect([(await deny()).status, (await deny()).answer['changed']]).toEqual([200, false]);
  });
});

describe('an action', () => {
  it('is given whole: plan, words, approvals, story; but no value of a variable', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const env = [{ name: 'DB_PASSWORD', value: 'hunter2hunter2' }];
    const before = { template: { spec: { containers: [{ env }] } } };
    const actionId = await asked(world, incident);
    await planned(world, incident, { actionId, plan: { before } });

    const { status, answer } = await call(world, `actions/${actionId}`);

    expect(status).toBe(200);
    expect(answer['action']).toMatchObject({
      id: actionId,
      state: 'proposed',
      plan: {
        verb: 'rollback',
        plannedAt: '2026-05-12T03:04:05.000Z',
        before: { template: { spec: { containers: [{ env: [{ value: '[left out]' }] }] } } },
      },
      planText: { title: 'Roll back Deployment shop/checkout to revision 16' },
      samples: [],
    });
    const { timeline } = answer['action'] as { timeline: readonly { readonly type: string }[] };
    expect(timeline.map(({ type }) => type)).toEqual(['action.requested', 'action.planned']);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('is in the list of its tenant, open and then ended', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const id = await asked(world, incident);
    const listed = async (query: string) => {
      const { answer } = await call(world, `actions${query}`);
      return (answer['actions'] as readonly { readonly id: string }[]).map((one) => one.id);
    };
    expect(await listed('')).toEqual([id]);
    await call(world, `actions/${id}/deny`, { body: {}, as: grace });
    expect([await listed('?status=open'), await listed('?status=ended')]).toEqual([[], [id]]);
    expect(await listed('?status=ended&tenant=other')).toEqual([]);
    expect((await call(world, 'actions?status=closed')).answer['error']).toMatchObject({
      allowed: ['open', 'ended'],
    });
    expect((await call(world, 'actions?after=x')).status).toBe(400);
  });

  it('shows on its incident as the API gives it', async () => {
    const world = createWorld();
    const incident = await world.raise(checkoutDown);
    const id = await asked(world, incident);
    const { answer } = await call(world, `incidents/${incident.id}`);
    expect(answer['incident']).toMatchObject({
      actions: [{ id, target: 'checkout', state: 'planning', title: 'Roll back checkout' }],
      changes: [],
      checklists: [],
    });
  });
});
