"""Network shares of this machine: real servers on loopback, mounted as any share is."""
