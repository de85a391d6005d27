"""`./dev bench` compares plain Odoo with the addon, on the same data made by SQL."""
