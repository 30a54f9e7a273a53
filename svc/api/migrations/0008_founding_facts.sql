-- What triggers make when a person signs up (a workspace, its first member, its Inbox) is stated there too, in the same
-- transaction. The person did it. The contracts are in lib/event; a test holds these events against them.

create function api.instant(moment timestamptz) returns text language sql immutable as $$
  select to_char(moment::timestamptz(3) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

create function api.append_fact(type text, workspace_id uuid, subject uuid, actor_id uuid, data json)
returns void language sql as $$
  with fact as (select api.new_id() as id)
  insert into api.outbox (event_id, key, type, payload)
  select fact.id, workspace_id, type, json_build_object(
    'specversion', '1.0', 'id', fact.id, 'source', '/rondo/api', 'type', type, 'subject', subject,
    'time', api.instant(now()), 'datacontenttype', 'application/json', 'dataschema', '/schemas/' || type || '.json',
    'workspaceid', workspace_id, 'actorid', actor_id, 'actortype', 'user', 'data', data
  )
  from fact
$$;

create or replace function api.found_personal_workspace() returns trigger language plpgsql as $$
declare
  workspace_id uuid := api.new_id();
  member_id uuid := api.new_id();
begin
  insert into api.workspace (id, name, slug, personal, created_at)
  values (workspace_id, 'Personal', 'personal-' || workspace_id, true, now());
  perform api.append_fact('workspace.created.v1', workspace_id, workspace_id, new.id, json_build_object(
    'workspace', json_build_object('id', workspace_id, 'name', 'Personal', 'personal', true),
    'changes', '{"name":[null,"Personal"],"personal":[null,true]}'::json
  ));
  perform api.append_fact('workspace.member_added.v1', workspace_id, member_id, new.id, json_build_object(
    'member', json_build_object('id', member_id, 'workspace_id', workspace_id, 'user_id', new.id, 'role', 'owner'),
    'changes', json_build_object('user_id', json_build_array(null, new.id), 'role', '[null,"owner"]'::json)
  ));
  insert into api.member (id, workspace_id, user_id, role, created_at)
  values (member_id, workspace_id, new.id, 'owner', now());
  return null;
end
$$;

create or replace function api.found_inbox() returns trigger language plpgsql as $$
declare
  inbox api.project;
begin
  insert into api.project (id, workspace_id, name, color, is_inbox, position, created_at, created_by, updated_at)
  values (api.new_id(), new.workspace_id, 'Inbox', 'gray', true, 'a0', now(), new.user_id, now())
  on conflict (workspace_id) where is_inbox do nothing
  returning * into inbox;
  if not found then return null; end if;
  perform api.append_fact('project.created.v1', inbox.workspace_id, inbox.id, new.user_id, json_build_object(
    'project', json_build_object(
      'id', inbox.id, 'workspace_id', inbox.workspace_id, 'name', inbox.name, 'color', inbox.color,
      'is_inbox', inbox.is_inbox, 'position', inbox.position, 'archived_at', null, 'version', inbox.version,
      'created_at', api.instant(inbox.created_at), 'created_by', inbox.created_by,
      'updated_at', api.instant(inbox.updated_at)
    ),
    'changes', '{"name":[null,"Inbox"],"color":[null,"gray"]}'::json
  ));
  return null;
end
$$;
