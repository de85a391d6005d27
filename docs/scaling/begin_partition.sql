-- Begin a new partition of the events: run it once a month, see docs/scaling.rst.
--
--     psql --file docs/scaling/begin_partition.sql DATABASE
--
-- The present table becomes a child of a new and empty one ("Partitioning Using
-- Inheritance", PostgreSQL manual, section 5.12.3). No row is moved. The lock is held
-- for milliseconds, and the script gives up when it does not get it within two seconds.
\set ON_ERROR_STOP on

BEGIN;
SET LOCAL lock_timeout = '2s';
DO $$
DECLARE
    suffix text := to_char(now(), 'YYYYMMDD');
    former text := 'mail_tracking_event_' || suffix;
    indexes text[];
    foreign_keys text[];
    statement text;
    named record;
BEGIN
    -- First, as every mail that is deleted locks them in this order.
    LOCK TABLE mail_tracking_email IN SHARE ROW EXCLUSIVE MODE;
    LOCK TABLE mail_tracking_event IN ACCESS EXCLUSIVE MODE;
    -- What Odoo has made, with the comments by which it knows its indexes again.
    SELECT array_agg(pg_get_indexdef(indexrelid) || COALESCE(format(
               '; COMMENT ON INDEX %s IS %L', indexrelid::regclass,
               obj_description(indexrelid, 'pg_class')), ''))
      INTO indexes
      FROM pg_index WHERE indrelid = 'mail_tracking_event'::regclass;
    SELECT array_agg(format(
               'ALTER TABLE mail_tracking_event ADD CONSTRAINT %I %s', conname,
               pg_get_constraintdef(oid)))
      INTO foreign_keys
      FROM pg_constraint
     WHERE conrelid = 'mail_tracking_event'::regclass AND contype = 'f';

    FOR named IN SELECT indexrelid::regclass AS name FROM pg_index
                  WHERE indrelid = 'mail_tracking_event'::regclass
    LOOP
        EXECUTE format('ALTER INDEX %s RENAME TO %I', named.name,
                       left(named.name::text, 50) || '_' || suffix);
    END LOOP;
    EXECUTE format('ALTER TABLE mail_tracking_event RENAME TO %I', former);
    EXECUTE format('CREATE TABLE mail_tracking_event (LIKE %I INCLUDING DEFAULTS '
                   'INCLUDING STORAGE INCLUDING COMMENTS)', former);
    EXECUTE format('COMMENT ON TABLE mail_tracking_event IS %L',
                   obj_description(former::regclass, 'pg_class'));
    FOREACH statement IN ARRAY indexes || foreign_keys LOOP
        EXECUTE statement;
    END LOOP;
    ALTER TABLE mail_tracking_event
        ADD PRIMARY KEY USING INDEX mail_tracking_event_pkey;
    ALTER SEQUENCE mail_tracking_event_id_seq OWNED BY mail_tracking_event.id;
    EXECUTE format('ALTER TABLE %I INHERIT mail_tracking_event', former);
    -- Queries by time leave the partition out. A day for clocks that are ahead.
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT before_next CHECK (time < %L) '
                   'NO INHERIT NOT VALID', former,
                   (now() AT TIME ZONE 'UTC') + interval '1 day');
END
$$;
COMMIT;

-- Reads the partition once and blocks nobody.
DO $$
BEGIN
    EXECUTE format('ALTER TABLE %I VALIDATE CONSTRAINT before_next',
                   'mail_tracking_event_' || to_char(now(), 'YYYYMMDD'));
END
$$;
