"""Pages as HTML: our own templates, stylesheet and figures, nothing from elsewhere."""
