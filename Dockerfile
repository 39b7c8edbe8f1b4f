# Two stages: the first installs into a virtual environment, the second carries nothing but that environment.
# No stage has a compiler, and the trainer (LightFM) is not installed: the service scores with numpy alone.
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md ./
COPY service service
COPY models models
RUN python -m venv /opt/begleiter
RUN /opt/begleiter/bin/pip install --no-cache-dir --only-binary=:all: ".[postgres,parquet]"

FROM python:3.11-slim
RUN groupadd --system --gid 10001 begleiter \
 && useradd --system --uid 10001 --gid begleiter --home-dir /srv/begleiter --create-home begleiter \
 && install -d -o begleiter -g begleiter /srv/begleiter/var /srv/begleiter/shop /srv/begleiter/questionnaires
COPY --from=build /opt/begleiter /opt/begleiter
ENV PATH="/opt/begleiter/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    BEGLEITER_HOST=0.0.0.0 \
    BEGLEITER_SHOP=/srv/begleiter/shop \
    BEGLEITER_QUESTIONNAIRES=/srv/begleiter/questionnaires \
    BEGLEITER_DATA=/srv/begleiter/var
WORKDIR /srv/begleiter
USER begleiter
VOLUME ["/srv/begleiter/shop", "/srv/begleiter/questionnaires", "/srv/begleiter/var"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', '8000')}/alive\", timeout=2)"]
ENTRYPOINT ["begleiter"]
CMD ["serve"]
