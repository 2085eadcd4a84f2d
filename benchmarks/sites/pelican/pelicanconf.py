"""The benchmark's small site in Pelican: a page per issue, an archive, a feed of 20, a sitemap; its reader cache on."""

from itertools import pairwise

from pelican import signals

SITENAME = "The Benchmark Letter"
SITEURL = "https://letter.example"
PATH = "content"
OUTPUT_PATH = "output"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
THEME_STATIC_PATHS = []
STATIC_PATHS = []
DEFAULT_PAGINATION = False

ARTICLE_URL = "issues/{number}-{slug}/"
ARTICLE_SAVE_AS = ARTICLE_URL + "index.html"
ARCHIVES_SAVE_AS = "archive/index.html"
SITEMAP_SAVE_AS = "sitemap.xml"
DIRECT_TEMPLATES = ["index", "archives", "sitemap"]
AUTHOR_SAVE_AS = AUTHORS_SAVE_AS = CATEGORY_SAVE_AS = CATEGORIES_SAVE_AS = TAG_SAVE_AS = TAGS_SAVE_AS = ""

FEED_DOMAIN = SITEURL
FEED_ALL_RSS = "feed.xml"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
FEED_MAX_ITEMS = 20
RSS_FEED_SUMMARY_ONLY = False

# The cache compares content and not times, so that it can serve a fresh clone: what weekahead's has to do as well.
CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True
CONTENT_CACHING_LAYER = "reader"
CHECK_MODIFIED_METHOD = "md5"
CACHE_PATH = "cache"


def meet_neighbours(generator):
    """Tell every article the one before and the one after; they come newest first."""
    articles = generator.articles
    for newer, older in pairwise(articles):
        newer.before, older.after = older, newer


class Neighbours:
    """A plugin in a settings file."""

    __name__ = "neighbours"

    @staticmethod
    def register():
        signals.article_generator_finalized.connect(meet_neighbours)


PLUGINS = [Neighbours()]
