"""Reading workbooks and judging plans; writes nothing."""
