"""gunicorn around the application: threads in a few forked workers, counted together, logged as JSON."""
