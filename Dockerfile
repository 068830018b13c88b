# One image for web, worker, signer, beat and migrations; docker-compose.yml says which is which.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm
FROM ${PYTHON_IMAGE}

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/jalon --create-home jalon \
    && install --directory --owner jalon --group jalon --mode 0700 /var/lib/jalon/backups

WORKDIR /app
COPY requirements-uv.txt requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements-uv.txt \
    && uv pip install --system --no-cache --require-hashes -r requirements.txt

COPY . .
# What Python gives back is written over at once: bids that the server seals pass through its memory.
ENV PYTHONMALLOC=malloc MALLOC_PERTURB_=165
ENV PYTHONUNBUFFERED=1 JALON_HOME=/var/lib/jalon STATIC_ROOT=/app/staticfiles
# Static files need no secret: the development settings collect the same ones.
RUN DJANGO_SETTINGS_MODULE=procurement.settings.development python manage.py collectstatic --no-input --verbosity 0

ENV DJANGO_SETTINGS_MODULE=procurement.settings.production
USER jalon
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/healthz', timeout=4)"]
# No log of accesses by gunicorn: it would hold addresses of people and of pages. Ours says what is needed.
CMD ["gunicorn", "--config", "python:procurement.gunicorn", "procurement.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-tmp-dir", "/dev/shm"]
