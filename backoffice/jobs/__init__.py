"""Jobs: work that outlives the request which asked for it; the row is the truth, Celery only wakes workers.

Words: job, kind of job, attempt, sweep.
"""
