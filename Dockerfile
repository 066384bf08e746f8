# One image for web, worker, beat and migrations; docker-compose.yml says which command runs where.
FROM python:3.12-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home backoffice

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/srv/static
WORKDIR /srv/backoffice

COPY requirements/runtime.txt requirements/
RUN pip install --no-cache-dir --require-hashes --requirement requirements/runtime.txt

COPY . .
# Collecting files needs the settings but none of their secrets: these values exist only during this line.
RUN DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build BROKER_URL=redis://build \
    SECRET_KEY=build SEAL_KEYS=build:00 FIELD_KEYS=build \
    python manage.py collectstatic --no-input --verbosity 0

USER backoffice
EXPOSE 8000
CMD ["gunicorn", "backoffice.wsgi:application", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=4", "--no-control-socket"]
