"""The figures of the reference repository, reproduced; and pages of results.

    drawing                         what a figure is: panels with their numbers, axes, scales, places and words
    verification, generalization    from traces to a drawing
    printed                         a drawing as SVG and PNG, by matplotlib
    plot, interactive               a drawing as one HTML page that works offline, by Plotly
    renderers                       all of them, by the suffix of their files

Each figure is described once, and every renderer draws it from that. No other package knows matplotlib or Plotly.
"""

import tapedeck.installed  # noqa: F401 - before what needs it
