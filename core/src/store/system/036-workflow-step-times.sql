-- Figures of processes look at the steps of a period (ENG-19).
create index workflow_step_at on mortise.workflow_step (entity, at)
