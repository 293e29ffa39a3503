"""Settings of the Django project that sends and runs the tasks, on the trial's server."""

from urllib.parse import unquote, urlsplit

from tasks.profiles import queues_of
from tasks.spec import read_spec

ENGINES = {"postgresql": "postgresql", "mysql": "mysql"}

spec = read_spec()
url = urlsplit(spec.broker_url)
if spec.broker == "mysql":
    import pymysql

    pymysql.install_as_MySQLdb()

SECRET_KEY = "bench"  # noqa: S105  it signs nothing here
USE_TZ = True
INSTALLED_APPS = ["django_tasks_db"]
DATABASES = {
    "default": {
        "ENGINE": f"django.db.backends.{ENGINES.get(spec.broker, 'dummy')}",
        "NAME": url.path[1:],
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname,
        "PORT": url.port,
        # Its own default closes the connection after every look for a task.
        "CONN_MAX_AGE": 0 if spec.profile == "default" else None,
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": queues_of(spec)}}
