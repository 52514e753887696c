"""Recording a machine of one's own, step by step, into a trace file, docs/trace-format.md.

    recorder      what a loop tells of its steps
    declared      what a recorder was made for
    slots         where each field's numbers are kept
    values        arrays of any library as NumPy's
    told          what has been recorded as a trace file's arrays and text

Nothing is kept of what a loop hands over but copies of the numbers: no graph, and no memory that is changed in place.
"""

import tapedeck.installed  # noqa: F401 - before what needs it
