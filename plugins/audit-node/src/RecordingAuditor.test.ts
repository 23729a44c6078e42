import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type { Request } from 'express';
import { BufferedAuditTrail } from './BufferedAuditTrail';
import type { AuditRecord } from './AuditRecord';
import { readSeverityLogLevels } from './readSeverityLogLevels';
import { RecordingAuditor } from './RecordingAuditor';

const request = (authorization?: string) => {
  const headers: Record<string, string> = {
    'user-agent': 'tests',
    'x-request-id': 'request-1',
    ...(authorization && { authorization }),
  };
  return {
    headers,
    get: (name: string) => headers[name],
    ip: '192.0.2.7',
    hostname: 'portal.example',
    method: 'POST',
    originalUrl: '/api/x?token=hunter2hunter2',
  } as unknown as Request;
};

describe('RecordingAuditor', () => {
  const setup = (config: object = {}) => {
    const records: AuditRecord[] = [];
    const logger = mockServices.logger.mock();
    const trail = BufferedAuditTrail.create({ logger });
    jest.spyOn(trail, 'record').mockImplementation(each => {
      records.push(each);
    });
    const auditor = RecordingAuditor.create({
      auth: mockServices.auth(),
      httpAuth: mockServices.httpAuth(),
      levels: readSeverityLogLevels(
        mockServices.rootConfig({ data: { backend: { auditor: config } } }),
      ),
      logger,
      pluginId: 'infrastructure',
      trail,
    });
    return { auditor, logger, records, trail };
  };
  const user = mockCredentials.user.header('user:default/Maya');

  it('should write the start and the end, to the log and to the trail', async () => {
    const { auditor, logger, records } = setup();
    const event = await auditor.createEvent({
      eventId: 'request-approve',
      severityLevel: 'medium',
      request: request(user),
      meta: { owner: 'group:default/orders' },
    });
    await event.success({ meta: { password: 'hunter2', status: 'ready' } });
    expect(records).toEqual([
      expect.objectContaining({ outcome: 'initiated' }),
      expect.objectContaining({
        plugin: 'infrastructure',
        eventId: 'request-approve',
        severity: 'medium',
        outcome: 'succeeded',
        actor: 'user:default/maya',
        actorType: 'user',
        ip: '192.0.2.7',
        requestId: 'request-1',
        url: '/api/x?token=***',
        entityRefs: ['group:default/orders'],
        meta: {
          owner: 'group:default/orders',
          password: '***',
          status: 'ready',
        },
      }),
    ]);
    expect(records[0].action).toBe(records[1].action);
    expect(logger.info).toHaveBeenCalledWith(
      'infrastructure.request-approve',
      expect.objectContaining({ isAuditEvent: true, status: 'succeeded' }),
    );
    expect(JSON.stringify(logger.info.mock.calls)).not.toContain('hunter2');
  });

  it('should write the failure of somebody who cannot be told', async () => {
    const { auditor, records } = setup();
    const event = await auditor.createEvent({
      eventId: 'proxy-refused',
      severityLevel: 'medium',
      request: request(mockCredentials.none.header() ?? 'Bearer forged'),
    });
    await event.fail({ error: new Error('refused: Bearer abcdefghijkl') });
    expect(records[1]).toMatchObject({
      actorType: 'unknown',
      outcome: 'failed',
      error: { name: 'Error', message: 'refused: Bearer ***' },
    });
    expect(records[1].actor).toBeUndefined();
  });

  it('should store of what is only looked at no more than its end', async () => {
    const { auditor, logger, records } = setup({
      severityLogLevelMappings: { low: 'info' },
    });
    const event = await auditor.createEvent({ eventId: 'entity-fetch' });
    await event.success();
    expect(records.map(({ outcome }) => outcome)).toEqual(['succeeded']);
    expect(records[0].actorType).toBe('service');
    expect(logger.info).toHaveBeenCalledTimes(2);
  });

  it('should let nothing fail because it cannot be told of', async () => {
    const { auditor, trail } = setup();
    jest.spyOn(trail, 'record').mockImplementation(() => {
      throw new Error('broken');
    });
    const event = await auditor.createEvent({
      eventId: 'x',
      severityLevel: 'high',
    });
    await expect(event.success()).resolves.toBeUndefined();
  });

  it('should name the key of a level that there is not', () => {
    expect(() => setup({ severityLogLevelMappings: { low: 'loud' } })).toThrow(
      /severityLogLevelMappings\.low/,
    );
  });
});
