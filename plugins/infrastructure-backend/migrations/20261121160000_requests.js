// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.schema.createTable('requests', table => {
    table.comment('What was requested, and what has become of it');
    table.uuid('id').primary();
    table.integer('version').notNullable().defaultTo(1);
    table.string('requester').notNullable();
    table.string('idempotency_key', 200).notNullable();
    table.string('body_hash', 64).notNullable();

    table.string('offering', 253).notNullable();
    table.string('offering_title').notNullable();
    table.string('api_version').notNullable();
    table.string('kind').notNullable();
    table.string('name', 63).notNullable();
    table.string('environment').notNullable();
    table.string('cluster').notNullable();
    table.string('namespace').notNullable();
    table.string('system').notNullable();
    table.string('owner').notNullable();
    table.string('component');
    table.string('cost_center');
    table.string('connection_engine');
    table.jsonb('parameters').notNullable();
    table.jsonb('pending').comment('A change that waits for approval');
    table.text('reason');
    table.boolean('deletion_protection').notNullable();

    table.string('status').notNullable();
    table.timestamp('status_since', { useTz: true }).notNullable();
    table.text('status_reason');
    table.jsonb('approvers').notNullable();
    table.float('monthly_cost');
    table.string('currency', 3);
    table.timestamp('created_at', { useTz: true }).notNullable();
    table.timestamp('ready_at', { useTz: true });
    table.timestamp('expires_at', { useTz: true });
    table.timestamp('reminded_at', { useTz: true });

    table.integer('generation').notNullable().defaultTo(1);
    table.integer('applied_generation').notNullable().defaultTo(0);
    table.timestamp('applied_at', { useTz: true });
    table.integer('attempts').notNullable().defaultTo(0);
    table.timestamp('work_at', { useTz: true }).comment('When to look at it');
    table.timestamp('lease_until', { useTz: true });
    table.bigInteger('fence').notNullable().defaultTo(0);
    table.integer('wakes').notNullable().defaultTo(0);

    table.unique(['requester', 'idempotency_key']);
    table.index(['owner', 'status']);
    table.index(['created_at', 'id']);
  });
  await knex.raw(`
    CREATE UNIQUE INDEX requests_object ON requests (cluster, namespace, kind, name)
    WHERE status NOT IN ('deleted', 'rejected')
  `);
  await knex.raw(
    'CREATE INDEX requests_work ON requests (work_at) WHERE work_at IS NOT NULL',
  );

  await knex.schema.createTable('request_events', table => {
    table.comment('What happened to requests. Rows are never changed');
    table.bigIncrements('id');
    table
      .uuid('request_id')
      .notNullable()
      .references('requests.id')
      .onDelete('RESTRICT');
    table.timestamp('at', { useTz: true }).notNullable();
    table.string('actor').notNullable();
    table.string('type').notNullable();
    table.string('from_status');
    table.string('to_status');
    table.text('message');
    table.jsonb('changes').notNullable();
    table.index(['request_id', 'id']);
  });
  await knex.raw(`
    CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'Events of requests are never changed';
    END $$
  `);
  await knex.raw(`
    CREATE TRIGGER request_events_are_immutable BEFORE UPDATE OR DELETE ON request_events
    FOR EACH ROW EXECUTE FUNCTION refuse_event_change()
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.schema.dropTable('request_events');
  await knex.raw('DROP FUNCTION refuse_event_change()');
  await knex.schema.dropTable('requests');
};
