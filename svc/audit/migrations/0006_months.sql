-- The trail in months, by the events' own time. What was written so far becomes one part of it as it stands, with the indexes it has.
alter table audit.entry rename to entry_before;
alter index audit.entry_newest rename to entry_before_newest;
alter index audit.entry_of_task rename to entry_before_task;
alter index audit.entry_of_project rename to entry_before_project;
alter index audit.entry_of_actor rename to entry_before_actor;
alter index audit.entry_of_type rename to entry_before_type;

create table audit.entry (like audit.entry_before) partition by range (time);
create index entry_newest on audit.entry (workspace_id, time desc, id desc);
create index entry_of_task on audit.entry (workspace_id, task_id, time desc, id desc) where task_id is not null;
create index entry_of_project on audit.entry (workspace_id, project_id, time desc, id desc);
create index entry_of_actor on audit.entry (workspace_id, actor_id, time desc, id desc);
create index entry_of_type on audit.entry (workspace_id, type, time desc, id desc);

-- The one exception: a workspace that was deleted for good. For the owner alone, and of the trail as a whole, not of its parts.
create function audit.forget_workspace(workspace uuid) returns bigint language plpgsql set search_path = pg_catalog as $$
declare
  gone bigint;
begin
  delete from audit.entry where workspace_id = workspace;
  get diagnostics gone = row_count;
  return gone;
end
$$;
revoke all on function audit.forget_workspace from public;

-- Whether it is that function which deletes is seen in the call stack: a setting could be set by anybody.
create or replace function audit.refuse() returns trigger language plpgsql as $$
declare
  stack text;
begin
  get diagnostics stack = pg_context;
  if tg_op = 'DELETE' and stack like '%PL/pgSQL function audit.forget_workspace(uuid) line %' then return null; end if;
  raise exception 'the audit trail only grows: % is refused', tg_op using errcode = 'insufficient_privilege';
end
$$;
create trigger entry_is_kept before update or delete or truncate on audit.entry
  for each statement execute function audit.refuse();
alter table audit.entry enable always trigger entry_is_kept;

-- Parts of the trail that were taken out of it, each into a file. `sha256` and `finished_at` come when the file is complete.
create table audit.archive (
  name text primary key,
  -- Inclusive and exclusive.
  from_time timestamptz not null,
  until_time timestamptz not null,
  begun_at timestamptz not null default now(),
  entries bigint,
  sha256 text,
  finished_at timestamptz
);

-- Makes the part for a month, unless it is there; answers null, or why there can be none. Others go on reading and writing meanwhile.
create function audit.open_month(moment timestamptz) returns text language plpgsql as $$
declare
  month timestamptz := date_trunc('month', moment::timestamptz(3), 'UTC');
  label text := to_char(month at time zone 'UTC', 'YYYY-MM');
  part text := 'entry_' || replace(label, '-', '_');
begin
  if month > now() + interval '2 months' then return format('%s is more than two months ahead', label); end if;
  if month < now() - interval '10 years' then return format('%s is more than ten years ago', label); end if;
  perform pg_advisory_xact_lock(hashtextextended('rondo audit months', 0));
  if exists (select from audit.archive where from_time <= month and month < until_time) then
    return format('the trail of %s is archived', label);
  end if;
  if to_regclass('audit.' || part) is not null then return null; end if;
  begin
    execute format('create table audit.%I (like audit.entry, unique (time, event_id))', part);
    execute format(
      'create trigger entry_is_kept before update or delete or truncate on audit.%I
        for each statement execute function audit.refuse()', part);
    execute format('alter table audit.%I enable always trigger entry_is_kept', part);
    execute format(
      'alter table audit.entry attach partition audit.%I for values from (%L) to (%L)',
      part, month, month + interval '1 month');
  exception when invalid_object_definition then
    -- It would overlap: the month belongs to what was written before there were months.
    null;
  end;
  return null;
end
$$;

do $$
declare
  until text := (
    select (regexp_match(pg_get_constraintdef(oid), '''([^'']+)'''))[1] from pg_constraint
    where conrelid = 'audit.entry_before'::regclass and conname = 'entry_bound'
  );
begin
  if exists (select from audit.entry_before) then
    execute format('alter table audit.entry attach partition audit.entry_before for values from (minvalue) to (%L)', until);
    alter table audit.entry_before drop constraint entry_bound;
  else
    drop table audit.entry_before;
  end if;
  perform audit.open_month(now() + offset_months * interval '1 month') from generate_series(0, 1) as offset_months;
end
$$;
