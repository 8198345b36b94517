-- Rendered pages waiting to be shown in the preview frame; any node may serve them.
create table mortise.print_preview (
  id uuid primary key,
  user_id uuid not null,
  html text not null,
  expires_at timestamptz not null
)
--
create index print_preview_expiry on mortise.print_preview (expires_at)
