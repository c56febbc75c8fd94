"""Edit .xlsx packages and copy every part that is not ours byte for byte.

`package` reads and rewrites the zip file, `parts` finds the sheets and their comments, `edit`
writes the two things that the job owns: the column Kontrol and the tab Advarsler. Nothing here
parses a whole workbook or serialises XML again: expat tells where things stand and new bytes
are spliced in there.

Two errors leave this package on a bad file: `package.PackageError` (it cannot be read) and
`refusal.RefusedError` (it can be read, but writing into it could harm it).
"""
