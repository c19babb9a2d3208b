# One image for both processes: `python -m control_api` (the default) and `python -m agent`.
#
#   docker build -t vaarta .
#   docker run --env-file vaarta.env -p 8080:8080 vaarta
#   docker run --env-file vaarta.env vaarta python -m agent
#   docker run --env-file vaarta.env vaarta vaarta migrate

# The static files of console and widget.
FROM node:24-bookworm-slim AS console
WORKDIR /build/console
COPY console/package.json console/package-lock.json console/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY console/ ./
RUN npm run build

# The packages, in a virtual environment that needs no pip of its own. They are most of the image, and
# change with requirements.txt alone: a release of code sends and pulls none of them again.
FROM python:3.12-slim-bookworm AS packages
COPY requirements.txt ./
RUN python -m venv --without-pip /opt/vaarta \
    && pip --python /opt/vaarta/bin/python --no-cache-dir --disable-pip-version-check \
        install --require-hashes -r requirements.txt

# Vaarta itself.
FROM python:3.12-slim-bookworm AS wheel
WORKDIR /build
COPY requirements-build.txt ./
RUN pip --disable-pip-version-check install --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY agent/ agent/
COPY cli/ cli/
COPY control_api/ control_api/
COPY core/ core/
COPY pipeline/ pipeline/
COPY sandbox/ sandbox/
COPY store/ store/
COPY --from=console /build/control_api/ control_api/
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /build/wheel .

FROM python:3.12-slim-bookworm
RUN groupadd --system --gid 10001 vaarta \
    && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent vaarta \
    && install -d -m 700 -o vaarta -g vaarta /var/lib/vaarta/journal /var/lib/vaarta/repertoire \
        /var/lib/vaarta/recordings
COPY --from=packages /opt/vaarta /opt/vaarta
RUN --mount=type=bind,from=wheel,source=/build/wheel,target=/wheel \
    pip --python /opt/vaarta/bin/python --no-cache-dir --disable-pip-version-check \
        install --no-index --no-deps /wheel/*.whl
ENV PATH=/opt/vaarta/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    APP_ENV=production \
    API_HOST=0.0.0.0 \
    AGENT_HOST=0.0.0.0 \
    AGENT_JOURNAL_DIR=/var/lib/vaarta/journal \
    AGENT_REPERTOIRE_DIR=/var/lib/vaarta/repertoire \
    RECORDING_STORE=/var/lib/vaarta/recordings
# By number: Kubernetes asks whether that is root.
USER 10001:10001
WORKDIR /tmp
# API, worker's health page, metrics of API and worker.
EXPOSE 8080 8081 9090 9091
STOPSIGNAL SIGTERM
CMD ["python", "-m", "control_api"]
