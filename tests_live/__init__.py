"""Tests against real Odoo servers: what no test inside of Odoo can prove."""
