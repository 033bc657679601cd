"""What can be computed from a page, one job a file; see `gt.jobs.job`."""
