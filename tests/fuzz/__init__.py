"""Generated inputs for everything that reads what people wrote: `make fuzz`."""
