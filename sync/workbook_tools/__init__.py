"""Tools for one workbook: new, adopt, fix, restore, and the demonstration."""
