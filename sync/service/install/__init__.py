"""Having the system start the service: systemd, Windows, cron."""
