-- Since when somebody may not sign in any more; their sessions and tokens are ended with it.
alter table api."user" add column disabled_at timestamptz(3);
