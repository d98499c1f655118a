"""The webhook as a network service: Flask application, admission in front of it, TLS, gunicorn."""
