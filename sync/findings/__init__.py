"""What a workbook shows of its findings: Kontrol, Advarsler, side workbook; waivers. Pure."""
