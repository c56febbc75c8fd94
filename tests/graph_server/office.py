"""What SharePoint does to an Office file that it is sent: properties of the library go into it.

rclone#9767 and #2599: 25,257 bytes came back as 34,038 to 34,040. Which parts change is said in
neither; here a custom property is added (a guess), and those that are there stay.
"""

from __future__ import annotations

import io
import zipfile

_PART = "docProps/custom.xml"
_KIND = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_BEGIN = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
)
_PROPERTY = (
    '<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" '
    'name="ContentTypeId{pid}">'
    '<vt:lpwstr xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    "0x0101{number:08X}</vt:lpwstr></property>"
)


def rewritten(content: bytes, number: int) -> bytes:
    """The workbook as it is stored; what is no package is stored as it is."""
    try:
        old = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        return content
    out = io.BytesIO()
    with old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        if "[Content_Types].xml" not in names:
            return content
        for name in names:
            data = old.read(name)
            if name == "[Content_Types].xml" and _PART not in names:
                override = f'<Override PartName="/{_PART}" ContentType="{_KIND}"/></Types>'
                data = data.replace(b"</Types>", override.encode())
            if name == "_rels/.rels" and _PART not in names:
                relation = f'<Relationship Id="rIdSP" Type="{_RELATION}" Target="{_PART}"/>'
                data = data.replace(b"</Relationships>", f"{relation}</Relationships>".encode())
            if name != _PART:
                new.writestr(name, data)
        before = old.read(_PART).decode() if _PART in names else f"{_BEGIN}</Properties>"
        pid = 2 + before.count("<property ")
        added = _PROPERTY.format(pid=pid, number=number)
        new.writestr(_PART, before.replace("</Properties>", f"{added}</Properties>"))
    return out.getvalue()
