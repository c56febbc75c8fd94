"""Edit .xlsx packages and copy every part that is not ours byte for byte.

`zip_package` reads and rewrites the zip file, `parts` finds the tabs, `write_owned` writes what the
job owns (the column Kontrol and the tab Advarsler), `write_corrections` what people confirmed.
Nothing here serialises XML again: expat tells where things stand, and new bytes are spliced in.

Every function here may raise the two errors of `errors`. May use `rules`.
"""
