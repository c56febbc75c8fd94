"""Having the system start the service: systemd, the Windows Task Scheduler, or cron."""
