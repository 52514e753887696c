"""Tapedeck's page: a Dash app that knows the service by its HTTP and WebSocket contract alone."""
