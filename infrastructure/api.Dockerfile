# The mock HTTP API (infrastructure/api.py) with what it imports, in the versions of the lock.
# compose.yaml builds it; the context is the root of the project.
FROM python:3.12.12-slim
WORKDIR /bench
COPY locks/harness.txt locks/
RUN awk '/^[a-z]/ { wanted = /^(httptools|psutil|uvloop)==/ } wanted' locks/harness.txt > locks/api.txt \
    && pip install --no-cache-dir --require-hashes --requirement locks/api.txt
COPY infrastructure/__init__.py infrastructure/root.py infrastructure/errors.py infrastructure/api.py infrastructure/service.py infrastructure/
COPY infrastructure/processes/__init__.py infrastructure/processes/folder.py infrastructure/processes/child.py infrastructure/processes/
USER nobody
CMD ["python", "-m", "infrastructure.api", "8080", "0.0.0.0"]
