-- A month leaves the trail in two steps, so that nothing is lost in between: it is taken out and stays beside it as a table, and it is
-- dropped when its file is complete.

-- Takes a month ('2025-01') out of the trail: lists no longer show it, and its events are refused. Answers the table that holds it
-- now, or why it cannot be. To be called again after an interruption.
create function audit.begin_archive(month text, out part text, out reason text) language plpgsql as $$
declare
  first timestamptz := (month || '-01')::timestamp at time zone 'UTC';
  next timestamptz := first + interval '1 month';
begin
  perform set_config('lock_timeout', '3s', true);
  perform pg_advisory_xact_lock(hashtextextended('rondo audit months', 0));
  part := 'entry_' || replace(month, '-', '_');
  if exists (select from audit.archive where name = month and finished_at is not null) then
    reason := format('%s is archived already', month);
  elsif exists (select from audit.archive where name = month) then
    return;
  elsif next > now() - interval '7 days' then
    reason := format('%s ended less than 7 days ago: events of it may still come', month);
  elsif to_regclass('audit.' || part) is null then
    reason := format('the trail has no part for %s', month);
  else
    execute format('alter table audit.entry detach partition audit.%I', part);
    insert into audit.archive (name, from_time, until_time) values (month, first, next);
    return;
  end if;
  part := null;
end
$$;

-- Drops what `begin_archive` took out, and notes what its file holds.
create function audit.finish_archive(month text, entries bigint, sha256 text) returns void language plpgsql as $$
begin
  update audit.archive a set entries = finish_archive.entries, sha256 = finish_archive.sha256, finished_at = now()
  where a.name = month and a.finished_at is null;
  if not found then raise exception 'nobody began to archive %', month; end if;
  execute format('drop table audit.%I', 'entry_' || replace(month, '-', '_'));
end
$$;
