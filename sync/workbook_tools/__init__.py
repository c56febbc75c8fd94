"""Tools for one workbook: new, adopt, fix, restore, demo. May use stores, locks and templates."""
