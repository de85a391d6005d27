"""For `odoo shell`: make the web client's bundles, which each copy then has."""

env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821 - of the shell
env.cr.commit()  # noqa: F821
