"""The officer's desk: static pages made from a release's own marts, readable without a network.

Belongs here: which rows a page shows, in what order and words. Does not belong here: computing anything that
a mart does not already say. Chinese stands at ``<page>.html``, English one click away at ``<page>.en.html``;
both come from the same template. A page comes when the marts that it shows are in the release.
"""

from publication.site.writing import SITE, write_site

__all__ = ["SITE", "write_site"]
