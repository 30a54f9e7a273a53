-- Who there is: people, their sessions and API tokens, and workspaces with their members.
-- user, session, account, verification, workspace, member, invitation and signing_key are better-auth's tables under our
-- names (a test compares them with what it expects); their ids are UUIDv7 made by the program.

create table api."user" (
  id uuid primary key,
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null,
  image text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create table api.account (
  id uuid primary key,
  account_id text not null,
  provider_id text not null,
  user_id uuid not null references api."user" (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope text,
  password text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null,
  unique (provider_id, account_id)
);
create index account_user_id_idx on api.account (user_id);

create table api.verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index verification_identifier_idx on api.verification (identifier);

create table api.workspace (
  id uuid primary key,
  name text not null,
  slug text not null unique,
  logo text,
  metadata text,
  personal boolean not null default false,
  created_at timestamptz(3) not null
);

create table api.member (
  id uuid primary key,
  workspace_id uuid not null references api.workspace (id) on delete cascade,
  user_id uuid not null references api."user" (id) on delete cascade,
  role text not null check (role in ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz(3) not null,
  -- Also the index by which every credential finds its workspaces.
  unique (user_id, workspace_id)
);
create index member_workspace_id_idx on api.member (workspace_id);

create table api.invitation (
  id uuid primary key,
  workspace_id uuid not null references api.workspace (id) on delete cascade,
  email text not null,
  role text check (role in ('owner', 'admin', 'member', 'viewer')),
  status text not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  inviter_id uuid not null references api."user" (id) on delete cascade
);
create index invitation_workspace_id_idx on api.invitation (workspace_id);
create index invitation_email_idx on api.invitation (email);

create table api.session (
  id uuid primary key,
  token text not null unique,
  user_id uuid not null references api."user" (id) on delete cascade,
  active_workspace_id uuid references api.workspace (id) on delete set null,
  ip_address text,
  user_agent text,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null
);
create index session_user_id_idx on api.session (user_id);

create table api.signing_key (
  id uuid primary key,
  public_key text not null,
  -- Encrypted with the program's secret.
  private_key text not null,
  alg text,
  crv text,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3)
);

-- A revoked token stays, so that the trail can still say what its actor was called.
create table api.api_token (
  id uuid primary key,
  workspace_id uuid not null references api.workspace (id) on delete cascade,
  user_id uuid not null references api."user" (id) on delete cascade,
  name text not null,
  token_sha256 bytea not null unique,
  scopes text[] not null check (scopes <@ array['tasks:read', 'tasks:write', 'workspace:admin'] and scopes <> '{}'),
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  created_at timestamptz(3) not null default now()
);
create index api_token_user_id_idx on api.api_token (user_id, id desc) where revoked_at is null;

-- uuidv7() came with PostgreSQL 18; this also works on 17: a random UUID whose first 48 bits are the time in ms, and
-- whose version is made 7 by setting two bits of the 4 (RFC 9562 section 5.7).
create function api.new_id() returns uuid language sql volatile as $$
  select encode(
    set_bit(set_bit(
      overlay(
        uuid_send(gen_random_uuid())
        placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
        from 1 for 6
      ), 52, 1), 53, 1),
    'hex'
  )::uuid
$$;

-- Everyone has a workspace of their own, made in the transaction that makes them, however they came to sign up.
create function api.found_personal_workspace() returns trigger language plpgsql as $$
declare
  workspace_id uuid := api.new_id();
begin
  insert into api.workspace (id, name, slug, personal, created_at)
  values (workspace_id, 'Personal', 'personal-' || workspace_id, true, now());
  insert into api.member (id, workspace_id, user_id, role, created_at)
  values (api.new_id(), workspace_id, new.id, 'owner', now());
  return null;
end
$$;

create trigger found_personal_workspace after insert on api."user"
for each row execute function api.found_personal_workspace();
