"""A result as one HTML file that needs nothing else: tables, and drawings in SVG."""
