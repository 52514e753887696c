"""What a deployment can set about the page, from the environment."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict

from tapedeck_page.root_path import RootPathSetting


class PageSettings(BaseSettings):
    """Settings of the page; each is read from TAPEDECK_PAGE_<NAME>.

    Attributes:
        service_url: where the page's own server reaches the service. Browsers always use the page's own address.
        service_timeout: seconds it waits for an answer.
        max_vectors: the longest sequence that the composer hands on; the service has a limit of its own.
        root_path: the sub-path that a proxy serves the page under, such as /tapedeck, whether or not it takes it off;
            empty leaves it to the proxy's X-Forwarded-Prefix.
        default_text: what the page opens on.
    """

    model_config = SettingsConfigDict(env_prefix="TAPEDECK_PAGE_", frozen=True)

    service_url: str = "http://127.0.0.1:8050"
    service_timeout: float = 10.0
    max_vectors: int = 1000
    root_path: RootPathSetting = ""
    default_text: str = "Hello, tape machine!"
