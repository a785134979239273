"""Which of the vendors' static files are served: those that a page may name, without their source maps."""

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ServedFilesConfig(StaticFilesConfig):
    """Leave out what no page loads: compressing all of it takes minutes and serves nobody."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("*.map", "*.rtl.css", "*.rtl.min.css", "*.esm.js", "*.esm.min.js"),
        *("tabler-*.css", "tabler.css", "tabler.js", "tabler-theme.js"),
        # Of htmx and of Chart.js, the one file that a page loads.
        *("django_htmx/ext/*", "htmax-*.js", "htmx-4*.js"),
        *("*.d.ts", "*.cjs", "chart.js", "chart.umd.js", "helpers.js", "chunks"),
    ]


class ServedFilesStorage(CompressedManifestStaticFilesStorage):
    """Name files by their content, whatever source maps the vendors mention and do not ship.

    A module imports another under that name too: a page that loads one by its name would run it twice.
    """

    support_js_module_import_aggregation = True

    patterns = tuple(
        (extension, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
