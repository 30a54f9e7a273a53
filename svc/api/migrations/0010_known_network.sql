-- Where a person has signed in: from there they are not locked out by guesses that others make. A key is a hash of account and network.
create table api.known_network (
  key text primary key,
  seen_at timestamptz(3) not null default now()
);
create index known_network_seen_at on api.known_network (seen_at);
