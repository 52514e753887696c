"""The figures of the reference repository, reproduced; and pages of results.

    tracks, memory                  a run's fields over time, and its memory at a step, as every picture shows them
    view                            what of a run a picture is asked to show
    drawing                         what a figure is: panels with their numbers, axes, scales, places and words
    verification, generalization    from traces to a drawing; `rows` is what stands side by side in the first
    printed, pictures               a drawing as SVG and PNG, by matplotlib, part by part
    plot, interactive               a drawing as one HTML page that works offline, by Plotly
    renderers                       all of them, by the suffix of their files

Each figure is described once, and every renderer draws it from that. No other package knows matplotlib or Plotly.
"""

import tapedeck.installed  # noqa: F401 - before what needs it
