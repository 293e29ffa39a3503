"""Settings of the Django project that sends and runs the tasks, on the trial's server."""

from urllib.parse import unquote, urlsplit

from tasks.profiles import queues_of
from tasks.settings import set_of
from tasks.spec import read_spec

CONNECTION = ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "DISABLE_SERVER_SIDE_CURSORS")
ENGINES = {"postgresql": "postgresql", "mysql": "mysql"}

spec = read_spec()
own = {name: value for name, value in set_of(spec).items() if name.isupper()}
of_connection = {name: own.pop(name) for name in CONNECTION if name in own}
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
        **of_connection,
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": queues_of(spec)}}
globals().update(own)
