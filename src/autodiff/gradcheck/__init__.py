"""Is a gradient right? It is compared with numeric derivatives, entry by entry, and a verdict rests on evidence."""
