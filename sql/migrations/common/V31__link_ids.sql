-- Ids of links grow with time, and no id is given twice. A sequence alone would give ids again after the database has lost its last changes: after a
-- restore, or after a failover to a replica that lacks them. Such an id would show clicks of a lost link to another owner.
-- An id has 41 bits of milliseconds since 2026 (enough until 2095), 12 bits of a sequence, so that links of one millisecond keep their order, and 10
-- random bits. The ids of earlier versions are smaller than all of these.
CREATE SEQUENCE link_order MINVALUE 0 MAXVALUE 4095 CYCLE;

ALTER TABLE link ALTER COLUMN id DROP IDENTITY;
ALTER TABLE link ALTER COLUMN id SET DEFAULT
  ((trunc(extract(epoch FROM clock_timestamp()) * 1000)::bigint - 1767225600000) << 22)
    | (nextval('link_order') << 10) | trunc(random() * 1024)::bigint;
