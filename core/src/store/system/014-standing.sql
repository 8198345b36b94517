-- Marks each change of groups, business teams and personal grants, so that what a node keeps of them is known to be old
-- at the next request. A random mark, not a number: a restored database must not meet what was kept of another.
create table mortise.standing (
  one boolean primary key default true check (one),
  mark uuid not null default gen_random_uuid()
)
--
create function mortise.standing_changed() returns trigger language plpgsql as $$
begin
  insert into mortise.standing (one) values (true) on conflict (one) do update set mark = gen_random_uuid();
  return null;
end
$$
