"""Charts: Vega-Lite draws them to SVG files while the site is made, in Node, which set-up installs.

Readers get pictures: no script runs in their browser, they print, and the same figures give the same bytes
(Node measures text without the machine's fonts). Every chart stands beside a table of what it shows.
"""
