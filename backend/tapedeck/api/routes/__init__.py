"""One module a path of the service."""
