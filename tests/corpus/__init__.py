"""Write-back tried on a folder of anybody's workbooks: `make corpus CORPUS=DIR`."""
