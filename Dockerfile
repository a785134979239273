# The production image: front-end packages, then an environment with everything compiled, then only what runs.
FROM node:22-bookworm-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS environment
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gettext libmagic1 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
COPY requirements/installer.txt requirements/app.txt /requirements/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /requirements/installer.txt \
    && VIRTUAL_ENV=/opt/venv UV_COMPILE_BYTECODE=1 /opt/venv/bin/uv pip sync --no-cache --require-hashes /requirements/app.txt
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY . .
COPY --from=front-end /app/node_modules ./node_modules
RUN for catalogue in locale/*/LC_MESSAGES/*.po; do msgfmt -o "${catalogue%.po}.mo" "$catalogue" || exit 1; done \
    && python manage.py collectstatic --no-input \
    && python -m compileall -q accounts helpdesk sla tickets

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-dejavu-core libharfbuzz-subset0 libmagic1 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --no-create-home helpdesk \
    && install --directory --owner helpdesk --group helpdesk --mode 0700 /data
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HELPDESK_ENV=production
WORKDIR /app
COPY --from=environment /opt/venv /opt/venv
COPY --from=environment /app /app
USER helpdesk
EXPOSE 8000
CMD ["gunicorn", "--bind=0.0.0.0:8000"]
