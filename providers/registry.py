"""The providers that there are. A new one is a file, a line here, a test and a page."""

from . import webhook_generic

PROVIDERS = {module.PROVIDER.name: module.PROVIDER for module in (webhook_generic,)}
LABELS = [(name, provider.label) for name, provider in PROVIDERS.items()]
