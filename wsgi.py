"""``app`` for any WSGI server: the webhook with the settings of the environment (REMORA_INJECT_CONFIG_FILE and its fellows).

TLS is the business of the server that loads this. Under gunicorn: ``gunicorn -c python:webhook.server.gunicorn_conf wsgi:app``.
"""

import os

from webhook.server.logs import configure_logs
from webhook.server.serve import build_app
from webhook.server.settings import settings_from

_settings = settings_from({"dev_tls": True}, os.environ)
configure_logs(_settings.log_format, _settings.log_level)
app, holder = build_app(_settings)
holder.watch(_settings.reload_interval)
