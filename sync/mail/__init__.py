"""Being told by mail: the plans' contacts, the secretariat and the operators."""
