# The service, and 'run' and 'watch', with the models in the image: nothing is fetched when it runs. docs/deploy.md tells
# how to build and run it; deploy/rehearse.py carries these steps out where there is no container engine.
ARG PYTHON_IMAGE=python:3.11.15-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
# torch for CPUs; https://pypi.org/simple has the build for NVIDIA GPUs
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /source
COPY deploy/install.sh deploy/
COPY constraints.txt ./
RUN sh deploy/install.sh /opt/summarizer torch
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY configs configs
COPY models models
COPY summarizer summarizer
RUN sh deploy/install.sh /opt/summarizer package
RUN sh deploy/install.sh /opt/summarizer models

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="summarizer" \
      org.opencontainers.image.description="Briefs and topic tags of news articles" \
      org.opencontainers.image.licenses="Apache-2.0 AND LicenseRef-Gemma-Terms-of-Use"
COPY --from=build /opt/summarizer /opt/summarizer
COPY configs/wire.yaml /etc/summarizer/wire.yaml
# whatever user id it is run with may keep its files there
RUN mkdir -m 1777 /data
ENV PATH=/opt/summarizer/bin:$PATH \
    SUMMARIZER_CACHE=/opt/summarizer/models \
    HOME=/tmp \
    HF_HOME=/data/huggingface \
    HF_HUB_OFFLINE=1 \
    HF_HUB_DISABLE_TELEMETRY=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8650
STOPSIGNAL SIGTERM
# of the service; run 'run' and 'watch' with --no-healthcheck
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8650, timeout=4); c.request('GET', '/health'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["summarizer"]
# needs SUMMARIZER_TOKEN, since others can reach it
CMD ["serve", "/etc/summarizer/wire.yaml", "--host", "0.0.0.0", "--signoffs", "/data/signoffs.sqlite"]
