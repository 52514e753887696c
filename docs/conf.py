"""How Sphinx builds these pages: `make docs`. A link that leads nowhere, or a page that nothing leads to, fails."""

import tapedeck

project = "Tapedeck"
author = "the authors of Tapedeck"
release = tapedeck.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["conf.py"]
default_role = "code"  # `like this` in docstrings, as in Markdown

myst_heading_anchors = 3
myst_enable_extensions = ["fieldlist"]

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
napoleon_use_ivar = True

html_theme = "alabaster"
html_theme_options = {
    "description": "Watch a trained Neural Turing Machine use its memory.",
    "fixed_sidebar": True,
    "page_width": "1100px",
    "sidebar_width": "240px",
}
html_copy_source = False
html_show_sourcelink = False
