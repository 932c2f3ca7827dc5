// The tables and functions of a log in PostgreSQL. Each function is one statement of its caller, and one transaction: what a
// node asks for costs one round trip, and no lock outlives a connection that is cut off. A change to them needs other names.
// All of them lock tables in one order: state, writers, log. Emptying them in that order ends in no deadlock.

/** The names of the tables and functions. */
export interface LogNames {
  readonly log: string;
  readonly state: string;
  readonly writers: string;
  readonly sessions: string;
  readonly append: string;
  readonly check: string;
}

/** The names, after the table of the log. */
export function namesOf(table: string): LogNames {
  return {
    log: `"${table}"`,
    state: `"${table}_state"`,
    writers: `"${table}_writers"`,
    sessions: `"${table}_sessions"`,
    append: `"${table}_append_1"`,
    check: `"${table}_check_1"`,
  };
}

/** Finds out whether all of it is there. */
export function isThere({ append, check, sessions }: LogNames): string {
  return `SELECT to_regclass('${sessions}') IS NOT NULL AND to_regproc('${append}') IS NOT NULL
    AND to_regproc('${check}') IS NOT NULL AS found`;
}

/** Makes what is missing, in one transaction; under a lock, because two servers that do it at once fail otherwise. */
export function schemaOf(names: LogNames): string {
  const { append, check, log, sessions, state, writers } = names;
  return `
SELECT pg_advisory_xact_lock(hashtext('${log}'));
CREATE TABLE IF NOT EXISTS ${state}
  (key text PRIMARY KEY, epoch text NOT NULL, last bigint NOT NULL, total bigint NOT NULL);
CREATE TABLE IF NOT EXISTS ${log}
  (key text NOT NULL, "offset" bigint NOT NULL, epoch text NOT NULL, total bigint NOT NULL,
   at timestamptz NOT NULL, message bytea NOT NULL, PRIMARY KEY (key, "offset"));
ALTER TABLE ${log} ALTER COLUMN message SET STORAGE EXTERNAL;
CREATE TABLE IF NOT EXISTS ${writers}
  (key text NOT NULL, writer text NOT NULL, number bigint NOT NULL, "offset" bigint NOT NULL,
   at timestamptz NOT NULL, PRIMARY KEY (key, writer));
CREATE TABLE IF NOT EXISTS ${sessions}
  (key text NOT NULL, id text NOT NULL, holder text NOT NULL, record bytea NOT NULL,
   until timestamptz NOT NULL, PRIMARY KEY (key, id));
${appendFunction(append, names)}
${checkFunction(check, names)}`;
}

/**
 * Appends messages. The row of the state is locked until the end, so that offsets are in the order of commits. Returns the
 * epoch and the offset of the last message, also when it was kept before.
 */
function appendFunction(name: string, { log, state, writers }: LogNames): string {
  return `
CREATE OR REPLACE FUNCTION ${name}
  (a_key text, a_channel text, a_writer text, a_first bigint, a_epoch text, a_data bytea, a_lengths int[])
RETURNS TABLE (an_epoch text, an_offset bigint) LANGUAGE plpgsql AS $body$
DECLARE
  s record;
  kept bigint := 0;
  own bigint := 0;
  has_new boolean := false;
  start int := 1;
  number bigint := a_first;
  size int;
  now_at timestamptz;
BEGIN
  SELECT t.epoch, t.last, t.total INTO s FROM ${state} t WHERE t.key = a_key FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO ${state} VALUES (a_key, a_epoch, 0, 0) ON CONFLICT DO NOTHING;
    IF FOUND THEN DELETE FROM ${log} t WHERE t.key = a_key; END IF;
    SELECT t.epoch, t.last, t.total INTO s FROM ${state} t WHERE t.key = a_key FOR UPDATE;
  END IF;
  SELECT t.number, t."offset" INTO kept, own FROM ${writers} t WHERE t.key = a_key AND t.writer = a_writer;
  kept := coalesce(kept, 0);
  own := coalesce(own, 0);
  now_at := clock_timestamp();
  FOREACH size IN ARRAY a_lengths LOOP
    IF number > kept THEN
      s.last := s.last + 1;
      s.total := s.total + size;
      INSERT INTO ${log} VALUES (a_key, s.last, s.epoch, s.total, now_at, substr(a_data, start, size));
      kept := number;
      own := s.last;
      has_new := true;
    END IF;
    number := number + 1;
    start := start + size;
  END LOOP;
  IF has_new THEN
    UPDATE ${state} t SET last = s.last, total = s.total WHERE t.key = a_key;
    INSERT INTO ${writers} AS t VALUES (a_key, a_writer, kept, own, now_at)
      ON CONFLICT (key, writer) DO UPDATE SET number = kept, "offset" = own, at = now_at;
    PERFORM pg_notify(a_channel, s.epoch || ':' || s.last);
  END IF;
  RETURN QUERY SELECT s.epoch, own;
END $body$;`;
}

/**
 * Checks that the log still has what a node knows of it: entries of an epoch, by their offsets and the SHA-256 of their
 * messages; and that the newest entry, which is never trimmed, is there. Returns the epoch, a new one when something is
 * lost, and the last offset.
 */
function checkFunction(name: string, { log, state }: LogNames): string {
  return `
CREATE OR REPLACE FUNCTION ${name}
  (a_key text, a_channel text, a_epoch text, a_known text, a_offsets bigint[], a_digests text[])
RETURNS TABLE (an_epoch text, an_offset bigint) LANGUAGE plpgsql AS $body$
DECLARE
  s record;
  e record;
  is_lost boolean;
BEGIN
  -- Without a lock first; where something seems to be lost, again with it.
  FOR attempt IN 1..2 LOOP
    IF attempt = 1 THEN
      SELECT t.epoch, t.last INTO s FROM ${state} t WHERE t.key = a_key;
    ELSE
      INSERT INTO ${state} VALUES (a_key, a_epoch, 0, 0) ON CONFLICT DO NOTHING;
      IF FOUND THEN DELETE FROM ${log} t WHERE t.key = a_key; END IF;
      SELECT t.epoch, t.last INTO s FROM ${state} t WHERE t.key = a_key FOR UPDATE;
    END IF;
    is_lost := s.epoch IS NULL OR
      s.last > 0 AND NOT EXISTS (SELECT FROM ${log} t WHERE t.key = a_key AND t."offset" = s.last);
    IF s.epoch = a_known THEN
      FOR place IN 1..coalesce(array_length(a_offsets, 1), 0) LOOP
        SELECT t.epoch, encode(sha256(t.message), 'hex') AS digest INTO e FROM ${log} t
          WHERE t.key = a_key AND t."offset" = a_offsets[place];
        is_lost := is_lost OR a_offsets[place] > s.last OR
          FOUND AND (e.epoch <> s.epoch OR e.digest <> a_digests[place]);
      END LOOP;
    END IF;
    EXIT WHEN NOT is_lost;
  END LOOP;
  IF is_lost THEN
    UPDATE ${state} t SET epoch = a_epoch WHERE t.key = a_key;
    s.epoch := a_epoch;
    PERFORM pg_notify(a_channel, s.epoch || ':' || s.last);
  END IF;
  RETURN QUERY SELECT s.epoch, s.last;
END $body$;`;
}
