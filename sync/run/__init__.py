"""One run of the job, stage by stage."""
