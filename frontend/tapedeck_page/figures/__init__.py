"""Data in, plotly figures out; nothing here knows Dash."""
