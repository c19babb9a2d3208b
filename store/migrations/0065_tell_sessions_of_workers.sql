-- Which sessions its jobs are there for, each as often as it has jobs: a place that is taken is not
-- counted twice, and one is free only once its job is gone. NULL: a release that does not tell.
ALTER TABLE workers ADD COLUMN sessions uuid[];
