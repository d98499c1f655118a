"""A configuration file for gunicorn: ``gunicorn -c python:webhook.server.gunicorn_conf wsgi:app``.

It is gunicorn that is started here, not ``remora serve``, so the settings come from the environment (REMORA_BIND, REMORA_CERT, …).
"""

import os

from webhook.server.gunicorn_options import options
from webhook.server.settings import settings_from

globals().update(options(settings_from({}, os.environ)))
