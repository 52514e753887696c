"""A drawing as one HTML file, by Plotly: values under the pointer, zoom, export; it loads nothing from other hosts."""

from __future__ import annotations

import html as markup
from string import Template

from plotly.io import to_html

from tapedeck.figures.drawing import Drawing
from tapedeck.figures.palette import PAPER
from tapedeck.figures.plot import plot
from tapedeck.figures.plot_charts import pixels

# The policy keeps the browser from asking any host for anything, whatever the scripts would do.
PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
$metadata
<style>
body { margin: 0; background: $paper; color-scheme: light; }
figure { width: ${width}px; margin: 24px auto; }
figcaption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
</style>
</head>
<body>
<figure>
$plot
<figcaption>$summary</figcaption>
</figure>
</body>
</html>
""")


def html(drawing: Drawing) -> bytes:
    """A whole page with Plotly's script inside. The same drawing gives the same bytes."""
    inner = to_html(
        plot(drawing),
        full_html=False,
        include_plotlyjs=True,
        div_id=drawing.name,
        config={
            "displaylogo": False,
            "modeBarButtons": [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
            "toImageButtonOptions": {"format": "svg", "filename": drawing.name},
        },
    )
    metadata = "\n".join(
        f'<meta name="dc.{name.lower()}" content="{markup.escape(value)}">' for name, value in drawing.metadata.items()
    )
    page = PAGE.substitute(
        title=markup.escape(drawing.title),
        metadata=metadata,
        paper=PAPER,
        width=pixels(drawing.width),
        plot=inner,
        summary=markup.escape(drawing.summary),
    )
    return page.encode()
