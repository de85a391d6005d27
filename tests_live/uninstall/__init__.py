"""For `odoo shell`: use the addon and uninstall it; then see what it has left."""
